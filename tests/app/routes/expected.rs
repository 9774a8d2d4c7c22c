//! Who may open and do what, written down once more from the rules (DOMAIN §2), not from the table of routes: a wrong row
//! there has to differ from its line here. A row without a line fails, and so does a line without a row.

use web::routes::Method::{self, Get, Post};

/// A role in tenant A, or an organisation still waiting for its verification.
pub type Who = &'static [&'static str];

pub const EVERYBODY: Who = &["anonymous"];
pub const SIGNED_IN: Who = &[
    "umkm",
    "manager",
    "board",
    "supervisor",
    "treasurer",
    "approver",
    "staff",
    "admin",
    "observer",
    "new cooperative",
    "new buyer",
];
const PEOPLE_MANAGERS: Who = &["manager", "umkm", "approver", "admin"];
/// Whoever manages an organisation that trades, verified or not.
const TRADERS: Who = &[
    "umkm",
    "manager",
    "approver",
    "new cooperative",
    "new buyer",
];
const APPLICANTS: Who = &["new cooperative", "new buyer", "manager", "approver"];
const UMKM: Who = &["umkm"];
const MANAGER: Who = &["manager"];
const COOPERATIVE: Who = &["manager", "board", "supervisor", "treasurer"];
const MEMBERS_AND_COOPERATIVE: Who = &["umkm", "manager", "board", "supervisor", "treasurer"];
const MEMBERS_AND_MANAGER: Who = &["umkm", "manager"];
const PARTIES: Who = &[
    "umkm",
    "manager",
    "board",
    "supervisor",
    "treasurer",
    "approver",
    "staff",
];
const BUYER: Who = &["approver", "staff"];
const APPROVER: Who = &["approver"];
const ADMIN: Who = &["admin"];

/// What is expected of one row.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub method: Method,
    pub path: &'static str,
    /// The first of them does the deed in the tests of forms.
    pub who: Who,
    /// What each hole of the path names, in their order; `any …` is for everybody who may come in.
    pub holes: &'static [&'static str],
    /// A form that is taken: `{noun}` is an id of tenant A, `{other noun}` one of B, `{page}` what the page has in
    /// that field.
    pub form: &'static [(&'static str, &'static str)],
    /// Where `{page}` is looked up, if not at the path itself.
    pub page: &'static str,
    /// Whether the deed meets a row in a state that has no room for it: 409.
    pub conflict: bool,
}

const fn get(path: &'static str, who: Who, holes: &'static [&'static str]) -> Line {
    Line {
        method: Get,
        path,
        who,
        holes,
        form: &[],
        page: "",
        conflict: false,
    }
}

const fn post(
    path: &'static str,
    who: Who,
    holes: &'static [&'static str],
    form: &'static [(&'static str, &'static str)],
) -> Line {
    Line {
        method: Post,
        form,
        ..get(path, who, holes)
    }
}

impl Line {
    const fn of_page(mut self, page: &'static str) -> Self {
        self.page = page;
        self
    }

    const fn refused_by_its_state(mut self) -> Self {
        self.conflict = true;
        self
    }

    /// Whether the path names a row that belongs to a tenant.
    pub fn is_owned(&self) -> bool {
        self.holes.iter().any(|noun| !noun.starts_with("any "))
    }
}

const NONE: &[&str] = &[];
const PRODUCT: &[&str] = &["product"];
const PICTURE: &[&str] = &["product", "picture"];
const IMPORT: &[&str] = &["import"];
const REGISTER: &[&str] = &["register"];
const MEMBER: &[&str] = &["member"];
const ACTIVE: &[&str] = &["active"];
const BEHALF: &[&str] = &["active", "product"];
const BROUGHT: &[&str] = &["active", "brought"];
const OFFER: &[&str] = &["offer"];
const CATALOG: &[&str] = &["catalog"];
const ORDER: &[&str] = &["order"];
const SHARE: &[&str] = &["share"];
const QUESTION: &[&str] = &["question"];
const EDITION: &[&str] = &["any catalog", "any edition"];

const REGISTRATION: &[(&str, &str)] = &[
    ("person_name", "Siti Aminah"),
    ("organisation_name", "Dapur Baru"),
    ("region", "33.25"),
    ("login", "siti@example.com"),
    ("password", "kebun-kopi-di-lereng-2026"),
    ("consent", "on"),
];
/// A one-time link that nobody was sent.
const NO_TOKEN: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const FACTS: &[(&str, &str)] = &[
    ("name", "Keripik pisang"),
    ("kind", "keripik-singkong"),
    ("unit", "bungkus"),
    ("content", "250 g"),
    ("price", "9000"),
    ("stock", "20"),
];
const PRICED: &[(&str, &str)] = &[
    ("product", "{product}"),
    ("seen", "9000 10"),
    ("price", "9.500"),
    ("stock", "10"),
];
const EDITED: &[(&str, &str)] = &[
    ("version", "{page}"),
    ("name", "Keripik pisang manis"),
    ("kind", "keripik-singkong"),
    ("unit", "bungkus"),
    ("content", "250 g"),
    ("price", "9100"),
];
const TERMS: &[(&str, &str)] = &[
    ("title", "Keripik singkong curah"),
    ("commodity", "keripik-singkong"),
    ("unit", "bungkus"),
    ("content_measure", "g"),
    ("grades", ""),
    ("sold_by", "pack"),
    ("minimum", "1"),
    ("multiple", "1"),
    ("lead_time_days", "2"),
    ("rule", "pro_rata"),
    ("delivery_basis", "loco"),
    ("price_visibility", "public"),
];
const EDITED_TERMS: &[(&str, &str)] = &[
    ("version", "{page}"),
    ("title", "Keripik singkong pilihan"),
    ("minimum", "1"),
    ("multiple", "1"),
    ("lead_time_days", "3"),
    ("rule", "pro_rata"),
    ("delivery_basis", "loco"),
    ("price_visibility", "public"),
];
const SUPPLIES: &[(&str, &str)] = &[("version", "{page}"), ("product", "{pooled}")];
const PRICES: &[(&str, &str)] = &[
    ("version", "{page}"),
    ("margin_model", "spread"),
    ("from-0", "1"),
    ("buyer-0", "12600"),
    ("member-0", "10500"),
];
const PUBLISHED: &[(&str, &str)] = &[
    ("title", "Katalog Januari"),
    ("audience", "public"),
    ("opens", "2026-01-06"),
    ("offer", "{offer}"),
];
const REPUBLISHED: &[(&str, &str)] = &[
    ("version", "{page}"),
    ("title", "Katalog Februari"),
    ("audience", "public"),
    ("opens", "2026-01-05"),
    ("offer", "{offer}"),
];
const DETAILS: &[(&str, &str)] = &[
    ("cooperative", "{cooperative}"),
    ("deliver_to", "Gudang, Jl. Contoh 12"),
    ("region", "34.02"),
];
const PLACED: &[(&str, &str)] = &[
    ("order", "{page}"),
    ("cooperative", "{cooperative}"),
    ("seen", "{page}"),
    ("deliver_to", "Gudang, Jl. Contoh 12"),
    ("region", "34.02"),
];
const REASON: &[(&str, &str)] = &[("reason", "Panen gagal karena hujan")];

/// Deeds come in the order in which one tenant can do them all.
pub const LINES: &[Line] = &[
    // Accounts.
    get("/login", EVERYBODY, NONE),
    get("/password/forgotten", EVERYBODY, NONE),
    get("/password/asked", EVERYBODY, NONE),
    get("/password/reset", EVERYBODY, NONE),
    get("/password/done", EVERYBODY, NONE),
    get("/email/confirmation", EVERYBODY, NONE),
    get("/invitation", EVERYBODY, NONE),
    post("/invitation", EVERYBODY, NONE, &[("token", NO_TOKEN)]).refused_by_its_state(),
    get("/login/code", EVERYBODY, NONE),
    post("/login/code", EVERYBODY, NONE, &[("code", "123456")]).refused_by_its_state(),
    get("/account/two-step", SIGNED_IN, NONE),
    post(
        "/account/two-step",
        SIGNED_IN,
        NONE,
        &[("seed", "0"), ("code", "123456")],
    )
    .refused_by_its_state(),
    post(
        "/account/two-step/removal",
        SIGNED_IN,
        NONE,
        &[("current_password", tests::people::PASSWORD)],
    )
    .refused_by_its_state(),
    get("/people", SIGNED_IN, NONE),
    get("/people/invitations/new", PEOPLE_MANAGERS, NONE),
    post(
        "/people/invitations/new",
        PEOPLE_MANAGERS,
        NONE,
        &[
            ("people", "Siti Aminah, siti.a@example.com"),
            ("role", "coop_treasurer"),
        ],
    ),
    post(
        "/people/invitations/{id}/withdrawal",
        PEOPLE_MANAGERS,
        &["colleague_invitation"],
        &[],
    ),
    post(
        "/people/removal",
        PEOPLE_MANAGERS,
        NONE,
        &[("person", "{colleague}"), ("role", "coop_board")],
    ),
    get("/account", SIGNED_IN, NONE),
    get("/account/name", SIGNED_IN, NONE),
    get("/account/email", SIGNED_IN, NONE),
    get("/account/phone", SIGNED_IN, NONE),
    get("/account/password", SIGNED_IN, NONE),
    get("/account/sessions", SIGNED_IN, NONE),
    post(
        "/password/forgotten",
        EVERYBODY,
        NONE,
        &[("login", "{login}")],
    ),
    post(
        "/password/reset",
        EVERYBODY,
        NONE,
        &[
            ("token", NO_TOKEN),
            ("password", "kebun-kopi-di-lereng-2026"),
        ],
    )
    .refused_by_its_state(),
    post(
        "/email/confirmation",
        EVERYBODY,
        NONE,
        &[("token", NO_TOKEN)],
    )
    .refused_by_its_state(),
    post("/account/name", SIGNED_IN, NONE, &[("name", "Ibu Ratna")]),
    post(
        "/account/email",
        SIGNED_IN,
        NONE,
        &[
            ("email", "ratna@example.com"),
            ("current_password", tests::people::PASSWORD),
        ],
    ),
    post(
        "/account/phone",
        SIGNED_IN,
        NONE,
        &[
            ("phone", "0812 0000 0077"),
            ("current_password", tests::people::PASSWORD),
        ],
    ),
    post(
        "/account/sessions",
        SIGNED_IN,
        NONE,
        &[("session", "others")],
    ),
    get("/register", EVERYBODY, NONE),
    get("/register/umkm", EVERYBODY, NONE),
    get("/register/cooperative", EVERYBODY, NONE),
    get("/register/buyer", EVERYBODY, NONE),
    get("/register/done", EVERYBODY, NONE),
    get("/privacy", EVERYBODY, NONE),
    get("/terms", EVERYBODY, NONE),
    get("/language", EVERYBODY, NONE),
    get("/organisation/profile", TRADERS, NONE),
    post(
        "/organisation/profile",
        TRADERS,
        NONE,
        &[
            ("region", "33.25"),
            ("phone", "(0285) 391234"),
            ("address", "Jl. Contoh 12"),
            ("village", "Gringsing"),
            ("postal_code", "51281"),
            ("nib", "9120000000017"),
            ("npwp", "00.000.011.7-503.000"),
        ],
    ),
    post("/organisation/verification", APPLICANTS, NONE, &[]).refused_by_its_state(),
    get("/organisation", SIGNED_IN, NONE),
    get("/home", SIGNED_IN, NONE),
    post("/home/guide", SIGNED_IN, NONE, &[]),
    post("/register/umkm", EVERYBODY, NONE, REGISTRATION),
    post(
        "/register/cooperative",
        EVERYBODY,
        NONE,
        &[
            ("person_name", "Budi"),
            ("organisation_name", "Koperasi Baru"),
            ("region", "33.25"),
            ("login", "budi@example.com"),
            ("password", "kebun-kopi-di-lereng-2026"),
            ("consent", "on"),
        ],
    ),
    post(
        "/register/buyer",
        EVERYBODY,
        NONE,
        &[
            ("organisation_name", "Toko Baru"),
            ("buyer_kind", "retailer"),
            ("region", "33.25"),
            ("login", "toko@example.com"),
            ("password", "kebun-kopi-di-lereng-2026"),
            ("consent", "on"),
        ],
    ),
    post(
        "/login",
        EVERYBODY,
        NONE,
        &[("login", "{login}"), ("password", tests::people::PASSWORD)],
    ),
    post("/language", EVERYBODY, NONE, &[("lang", "en")]),
    post("/logout", SIGNED_IN, NONE, &[]),
    post(
        "/organisation",
        SIGNED_IN,
        NONE,
        &[("organisation", "{umkm}")],
    ),
    // What one was told.
    get("/notices", SIGNED_IN, NONE),
    get("/notices/settings", SIGNED_IN, NONE),
    post(
        "/notices/settings",
        SIGNED_IN,
        NONE,
        &[
            ("app_orders", "on"),
            ("app_shares", "on"),
            ("app_members", "on"),
            ("quiet_from", "21:00"),
            ("quiet_until", "05:00"),
        ],
    ),
    post("/notices/{id}/reading", SIGNED_IN, &["notice"], &[]),
    post(
        "/notices/reading",
        SIGNED_IN,
        NONE,
        &[("seen", "1790000000000000")],
    ),
    // The administrator's.
    get("/admin", ADMIN, NONE),
    get("/admin/applicants/{id}", ADMIN, &["any applicant"]),
    post(
        "/admin/applicants/{id}",
        ADMIN,
        &["any applicant"],
        &[("decision", "verify"), ("code", "BRU")],
    ),
    get("/admin/accounts", ADMIN, NONE),
    get("/admin/accounts/{id}", ADMIN, &["any person"]),
    post("/admin/accounts/{id}/reset", ADMIN, &["any person"], &[]),
    post(
        "/admin/accounts/{id}",
        ADMIN,
        &["any person"],
        &[("decision", "lock"), ("reason", "Ponsel hilang")],
    ),
    get("/admin/categories", ADMIN, NONE),
    post(
        "/admin/categories",
        ADMIN,
        NONE,
        &[
            ("name_id", "Bunga potong"),
            ("name_en", "Cut flowers"),
            ("position", "15"),
            ("picture", "barang"),
        ],
    ),
    get("/admin/categories/{id}", ADMIN, &["any category"]),
    post(
        "/admin/categories/{id}",
        ADMIN,
        &["any category"],
        &[
            ("name_id", "Camilan"),
            ("name_en", "Nibbles"),
            ("position", "1"),
            ("picture", "keripik-singkong"),
        ],
    ),
    post(
        "/admin/categories/{id}/commodities",
        ADMIN,
        &["any category"],
        &[
            ("new_name_id", "Keripik bayam"),
            ("new_name_en", "Spinach crisps"),
            ("dimension", "mass"),
            ("ppn", "taxable"),
            ("new_picture", "keripik-singkong"),
        ],
    ),
    get("/admin/commodities/{id}", ADMIN, &["any commodity"]),
    post(
        "/admin/commodities/{id}",
        ADMIN,
        &["any commodity"],
        &[
            ("name_id", "Keripik ubi kayu"),
            ("name_en", "Cassava crisps"),
            ("picture", "keripik-singkong"),
            ("ppn", "taxable"),
        ],
    ),
    get("/admin/units", ADMIN, NONE),
    get("/admin/settings", ADMIN, NONE),
    post(
        "/admin/settings",
        ADMIN,
        NONE,
        &[
            ("key", "share_answer_hours"),
            ("value", "36"),
            ("valid_from", "2026-02-01"),
            ("legal_basis", "Tata tertib 2026"),
            ("decided_by", "Rapat pengurus"),
        ],
    ),
    post(
        "/admin/settings/{id}/withdrawal",
        ADMIN,
        &["any setting"],
        &[],
    ),
    get("/admin/events", ADMIN, NONE),
    get("/admin/security", ADMIN, NONE),
    get("/admin/jobs", ADMIN, NONE),
    post(
        "/admin/jobs/{id}",
        ADMIN,
        &["any job"],
        &[("decision", "discard")],
    ),
    post("/admin/jobs/letters", ADMIN, NONE, &[]),
    post("/admin/jobs/reindex", ADMIN, NONE, &[]),
    // For everybody to see.
    get("/", EVERYBODY, NONE),
    get("/search", EVERYBODY, NONE),
    get("/how-it-works", EVERYBODY, NONE),
    get("/help", EVERYBODY, NONE),
    get("/offline", EVERYBODY, NONE),
    get("/offers/{id}", EVERYBODY, &["any offer"]),
    get("/offers/{id}/qr", EVERYBODY, &["any offer"]),
    get(
        "/photos/{photo}/{file}",
        EVERYBODY,
        &["any shown", "any file"],
    ),
    get("/pictures/{file}", EVERYBODY, &["any drawing"]),
    get("/catalogs/{id}", EVERYBODY, &["any catalog"]),
    get("/catalogs/{id}/editions/{edition}", EVERYBODY, EDITION),
    get("/catalogs/{id}/editions/{edition}/pdf", EVERYBODY, EDITION),
    get(
        "/catalogs/{id}/editions/{edition}/photos/{photo}/{file}",
        EVERYBODY,
        &["any catalog", "any pictured", "any shown", "any file"],
    ),
    get("/catalogs/{id}/editions/{edition}/xlsx", EVERYBODY, EDITION),
    get("/offers/{id}/questions", EVERYBODY, &["any offer"]),
    get("/cooperatives", EVERYBODY, NONE),
    get("/cooperatives/{slug}", EVERYBODY, &["any slug"]),
    // An UMKM's goods.
    get("/products", UMKM, NONE),
    get("/products/new", UMKM, NONE),
    get("/products/{id}", UMKM, PRODUCT),
    get("/products/{id}/edit", UMKM, PRODUCT),
    get("/products/{id}/lots", UMKM, PRODUCT),
    get(
        "/products/{id}/lots/{lot}/adjustment",
        UMKM,
        &["product", "lot"],
    ),
    get("/products/{id}/certificates", UMKM, PRODUCT),
    get("/products/export", UMKM, NONE),
    get("/products/{id}/photos", UMKM, PRODUCT),
    get("/products/imports", UMKM, NONE),
    get("/products/imports/new", UMKM, NONE),
    get("/products/imports/template", UMKM, NONE),
    get("/products/imports/sample", UMKM, NONE),
    get("/products/imports/{id}", UMKM, IMPORT),
    get("/products/imports/{id}/rejects", UMKM, IMPORT),
    post("/products/new", UMKM, NONE, FACTS),
    post("/products/{id}/edit", UMKM, PRODUCT, EDITED),
    post(
        "/products/{id}/lots/{lot}/adjustment",
        UMKM,
        &["product", "lot"],
        &[("seen", "{page}"), ("on_hand", "7"), ("reason", "Rusak")],
    ),
    post(
        "/products/{id}/state",
        UMKM,
        PRODUCT,
        &[("event", "publish")],
    ),
    post("/products/{id}/stock", UMKM, PRODUCT, &[("change", "1")]),
    post("/products/{id}/copy", UMKM, PRODUCT, &[]),
    post("/products/{id}/lots", UMKM, PRODUCT, &[("packs", "5")]),
    post(
        "/products/{id}/certificates",
        UMKM,
        PRODUCT,
        &[("kind", "halal"), ("number", "ID33110000000110126")],
    ),
    post(
        "/products/{id}/certificates/{certificate}/removal",
        UMKM,
        &["product", "certificate"],
        &[],
    ),
    post(
        "/products/{id}/photos",
        UMKM,
        PRODUCT,
        &[("photo_file", PHOTO)],
    ),
    post("/products/{id}/photos/{photo}/position", UMKM, PICTURE, &[]),
    post("/products/{id}/photos/{photo}/removal", UMKM, PICTURE, &[]),
    post("/products/{id}/photos/{photo}/return", UMKM, PICTURE, &[]),
    post(
        "/products/imports/{id}/columns",
        UMKM,
        IMPORT,
        &[("name", "0")],
    ),
    post(
        "/products/imports/{id}/consent",
        UMKM,
        IMPORT,
        &[("seen", "{page}")],
    )
    .of_page("/products/imports/{import}"),
    post("/products/imports/{id}/undo", UMKM, IMPORT, &[]),
    get("/products/bulk", UMKM, NONE),
    get("/products/grid", UMKM, NONE),
    post("/products/grid", UMKM, NONE, PRICED),
    get("/products/changes/{id}", UMKM, &["change"]),
    post(
        "/products/bulk",
        UMKM,
        NONE,
        &[
            ("product", "{product}"),
            ("deed", "raise"),
            ("percent", "5"),
        ],
    ),
    post("/products/changes/{id}/undo", UMKM, &["change"], &[]),
    post("/products/imports/{id}/discard", UMKM, IMPORT, &[]).refused_by_its_state(),
    post("/products/imports/{id}/cancellation", UMKM, IMPORT, &[]).refused_by_its_state(),
    // Takes the place of a list that waits for consent.
    post("/products/imports/new", UMKM, NONE, &[("file", LISTINGS)]),
    // Members and the pool.
    get("/memberships", UMKM, NONE),
    get("/memberships/{id}/departure", UMKM, ACTIVE),
    get("/supplies", UMKM, NONE),
    get("/members", COOPERATIVE, NONE),
    get("/members/invitations", COOPERATIVE, NONE),
    get("/members/invitations/new", MANAGER, NONE),
    get("/members/{id}/reset", MANAGER, MEMBER),
    get("/members/export", COOPERATIVE, NONE),
    get("/members/{id}", COOPERATIVE, MEMBER),
    get("/members/imports", MANAGER, NONE),
    get("/members/imports/new", MANAGER, NONE),
    get("/members/imports/template", MANAGER, NONE),
    get("/members/imports/sample", MANAGER, NONE),
    get("/members/imports/{id}", MANAGER, REGISTER),
    get("/members/imports/{id}/rejects", MANAGER, REGISTER),
    post(
        "/members/imports/{id}/columns",
        MANAGER,
        REGISTER,
        &[("name", "0")],
    ),
    post(
        "/members/imports/{id}/consent",
        MANAGER,
        REGISTER,
        &[("seen", "{page}")],
    )
    .of_page("/members/imports/{register}"),
    post("/members/imports/{id}/undo", MANAGER, REGISTER, &[]),
    post("/members/imports/{id}/discard", MANAGER, REGISTER, &[]).refused_by_its_state(),
    post("/members/imports/{id}/cancellation", MANAGER, REGISTER, &[]).refused_by_its_state(),
    post("/members/imports/new", MANAGER, NONE, &[("file", LISTINGS)]),
    post(
        "/members/invitations/new",
        MANAGER,
        NONE,
        &[("people", "Budi, 0812 0000 0055\nWati wati@example.com")],
    ),
    post(
        "/members/invitations/{id}/withdrawal",
        MANAGER,
        &["invitation"],
        &[],
    ),
    post(
        "/memberships",
        UMKM,
        NONE,
        &[("cooperative", "{other cooperative}")],
    ),
    post(
        "/members/{id}/decision",
        MANAGER,
        MEMBER,
        &[("decision", "admit")],
    ),
    post("/members/{id}/reset", MANAGER, MEMBER, &[]),
    post(
        "/members/{id}/invitation",
        MANAGER,
        MEMBER,
        &[("login", "081234567890")],
    )
    .refused_by_its_state(),
    post(
        "/members/{id}/departure",
        MANAGER,
        MEMBER,
        &[("leaving", "Pindah kota")],
    ),
    // A member's goods, on its behalf.
    get("/members/{member}/products", MANAGER, ACTIVE),
    get("/members/{member}/products/new", MANAGER, ACTIVE),
    get("/members/{member}/products/{id}", MANAGER, BEHALF),
    get("/members/{member}/products/{id}/edit", MANAGER, BEHALF),
    get("/members/{member}/products/{id}/lots", MANAGER, BEHALF),
    get(
        "/members/{member}/products/{id}/lots/{lot}/adjustment",
        MANAGER,
        &["active", "product", "lot"],
    ),
    get(
        "/members/{member}/products/{id}/certificates",
        MANAGER,
        BEHALF,
    ),
    get("/members/{member}/products/grid", MANAGER, ACTIVE),
    post("/members/{member}/products/grid", MANAGER, ACTIVE, PRICED),
    post("/members/{member}/products/new", MANAGER, ACTIVE, FACTS),
    post(
        "/members/{member}/products/{id}/edit",
        MANAGER,
        BEHALF,
        EDITED,
    ),
    post(
        "/members/{member}/products/{id}/lots/{lot}/adjustment",
        MANAGER,
        &["active", "product", "lot"],
        &[("seen", "{page}"), ("on_hand", "6"), ("reason", "Rusak")],
    ),
    post(
        "/members/{member}/products/{id}/state",
        MANAGER,
        BEHALF,
        &[("event", "pause")],
    ),
    post(
        "/members/{member}/products/{id}/stock",
        MANAGER,
        BEHALF,
        // One pack less, from the lot that expires first: the same lot each time.
        &[("change", "-1")],
    ),
    post("/members/{member}/products/{id}/copy", MANAGER, BEHALF, &[]),
    post(
        "/members/{member}/products/{id}/lots",
        MANAGER,
        BEHALF,
        &[("packs", "5")],
    ),
    post(
        "/members/{member}/products/{id}/certificates",
        MANAGER,
        BEHALF,
        &[("kind", "halal"), ("number", "ID33110000000110127")],
    ),
    post(
        "/members/{member}/products/{id}/certificates/{certificate}/removal",
        MANAGER,
        &["active", "product", "second certificate"],
        &[],
    ),
    get("/members/{member}/products/{id}/photos", MANAGER, BEHALF),
    post(
        "/members/{member}/products/{id}/photos",
        MANAGER,
        BEHALF,
        &[("photo_file", PHOTO)],
    ),
    post(
        "/members/{member}/products/{id}/photos/{photo}/position",
        MANAGER,
        &["active", "product", "picture"],
        &[],
    ),
    post(
        "/members/{member}/products/{id}/photos/{photo}/removal",
        MANAGER,
        &["active", "product", "picture"],
        &[],
    ),
    post(
        "/members/{member}/products/{id}/photos/{photo}/return",
        MANAGER,
        &["active", "product", "picture"],
        &[],
    ),
    get("/members/{member}/products/imports", MANAGER, ACTIVE),
    get("/members/{member}/products/imports/new", MANAGER, ACTIVE),
    get(
        "/members/{member}/products/imports/template",
        MANAGER,
        ACTIVE,
    ),
    get("/members/{member}/products/imports/sample", MANAGER, ACTIVE),
    get("/members/{member}/products/imports/{id}", MANAGER, BROUGHT),
    get(
        "/members/{member}/products/imports/{id}/rejects",
        MANAGER,
        BROUGHT,
    ),
    post(
        "/members/{member}/products/imports/{id}/columns",
        MANAGER,
        BROUGHT,
        &[("name", "0")],
    ),
    post(
        "/members/{member}/products/imports/{id}/consent",
        MANAGER,
        BROUGHT,
        &[("seen", "{page}")],
    )
    .of_page("/members/{active}/products/imports/{brought}"),
    post(
        "/members/{member}/products/imports/{id}/undo",
        MANAGER,
        BROUGHT,
        &[],
    ),
    post(
        "/members/{member}/products/imports/{id}/discard",
        MANAGER,
        BROUGHT,
        &[],
    )
    .refused_by_its_state(),
    post(
        "/members/{member}/products/imports/{id}/cancellation",
        MANAGER,
        BROUGHT,
        &[],
    )
    .refused_by_its_state(),
    post(
        "/members/{member}/products/imports/new",
        MANAGER,
        ACTIVE,
        &[("file", LISTINGS)],
    ),
    get("/members/{member}/products/bulk", MANAGER, ACTIVE),
    get(
        "/members/{member}/products/changes/{id}",
        MANAGER,
        &["active", "change"],
    ),
    post(
        "/members/{member}/products/bulk",
        MANAGER,
        ACTIVE,
        &[
            ("product", "{product}"),
            ("deed", "lower"),
            ("percent", "5"),
        ],
    ),
    post(
        "/members/{member}/products/changes/{id}/undo",
        MANAGER,
        &["active", "change"],
        &[],
    )
    .refused_by_its_state(),
    get("/offers", COOPERATIVE, NONE),
    get("/offers/export", COOPERATIVE, NONE),
    get("/offers/new", MANAGER, NONE),
    get("/offers/{id}/edit", MANAGER, OFFER),
    get("/offers/{id}/supplies", COOPERATIVE, OFFER),
    get("/offers/{id}/prices", COOPERATIVE, OFFER),
    get("/offers/{id}/photos", COOPERATIVE, OFFER),
    get("/offers/{id}/state", COOPERATIVE, OFFER),
    post("/offers/new", MANAGER, NONE, TERMS),
    post("/offers/{id}/edit", MANAGER, OFFER, EDITED_TERMS),
    post("/offers/{id}/supplies", MANAGER, OFFER, SUPPLIES),
    post("/offers/{id}/prices", MANAGER, OFFER, PRICES),
    post(
        "/offers/{id}/photos",
        MANAGER,
        OFFER,
        &[("photo", "{shown}")],
    ),
    post("/offers/{id}/build-up", MANAGER, OFFER, &[("shown", "yes")]),
    get("/catalogs", COOPERATIVE, NONE),
    get("/catalogs/new", MANAGER, NONE),
    get("/catalogs/{id}/edit", MANAGER, CATALOG),
    post("/catalogs/new", MANAGER, NONE, PUBLISHED),
    post("/catalogs/{id}/edit", MANAGER, CATALOG, REPUBLISHED),
    get("/catalogs/{id}/editions", COOPERATIVE, CATALOG),
    // It is for everybody, so there is nobody to send it to.
    post("/catalogs/{id}/letters", MANAGER, CATALOG, &[]).refused_by_its_state(),
    // Questions.
    get("/questions", COOPERATIVE, NONE),
    get("/questions/{id}", COOPERATIVE, QUESTION),
    post(
        "/offers/{id}/questions",
        BUYER,
        &["any offer"],
        &[("question", "Bisa dikirim hari Senin?")],
    ),
    post(
        "/questions/{id}",
        MANAGER,
        QUESTION,
        &[
            ("version", "{page}"),
            ("answer", "Bisa."),
            ("audience", "public"),
        ],
    ),
    post(
        "/questions/{id}/hiding",
        MANAGER,
        QUESTION,
        &[("event", "hide")],
    ),
    // Cart, orders and shares.
    get("/cart", BUYER, NONE),
    get("/orders", PARTIES, NONE),
    get("/orders/export", PARTIES, NONE),
    get("/orders/new", BUYER, NONE),
    get("/orders/check", BUYER, NONE),
    get("/orders/{id}", PARTIES, ORDER),
    get("/shares/{id}", MEMBERS_AND_COOPERATIVE, SHARE),
    post(
        "/cart",
        BUYER,
        NONE,
        &[("offer", "{offer}"), ("units", "3")],
    ),
    post("/orders/details", BUYER, NONE, DETAILS),
    post("/orders", BUYER, NONE, PLACED).of_page("/orders/check?cooperative={cooperative}"),
    post(
        "/shares/{id}/answer",
        MEMBERS_AND_MANAGER,
        SHARE,
        &[("decision", "reduce"), ("quantity", "3")],
    ),
    post("/orders/{id}/consent-request", MANAGER, ORDER, &[]),
    post(
        "/orders/{id}/consent",
        BUYER,
        ORDER,
        &[("decision", "agree")],
    ),
    post("/orders/{id}/confirmation", MANAGER, ORDER, &[]),
    post(
        "/orders/{id}/freight",
        MANAGER,
        ORDER,
        &[("freight", "5000")],
    )
    .refused_by_its_state(),
    post("/orders/{id}/refusal", MANAGER, ORDER, REASON).refused_by_its_state(),
    post("/orders/{id}/approval", APPROVER, ORDER, &[]).refused_by_its_state(),
    post("/orders/{id}/return", APPROVER, ORDER, REASON).refused_by_its_state(),
    post("/orders/{id}/submission", BUYER, ORDER, &[]).refused_by_its_state(),
    post("/orders/{id}/change", BUYER, ORDER, &[]).refused_by_its_state(),
    post("/orders/{id}/reorder", BUYER, ORDER, &[]),
    post("/orders/{id}/cancellation", BUYER, ORDER, &[]).refused_by_its_state(),
    // Closing down.
    post(
        "/account/password",
        SIGNED_IN,
        NONE,
        &[
            ("current_password", tests::people::PASSWORD),
            ("password", "kebun-kopi-di-lereng-2026"),
        ],
    ),
    post("/offers/{id}/state", MANAGER, OFFER, &[("event", "pause")]),
    post(
        "/catalogs/{id}/publication",
        MANAGER,
        CATALOG,
        &[("event", "close")],
    ),
    post("/memberships/{id}/departure", UMKM, ACTIVE, REASON),
];

/// Stands for a photo, sent as an upload.
pub const PHOTO: &str = "(a photo)";
/// A listings file of one row, sent as an upload.
pub const LISTINGS: &str = "Nama,Harga\nEmping melinjo,15000\n";
