//! The checks that are one query each: sums that must agree, and rows that must point at rows of their own owners.

/// A query that gives a row (id, stored, found) for every breach.
pub(super) struct Check {
    pub invariant: &'static str,
    pub what: &'static str,
    pub sql: &'static str,
}

pub(super) const CHECKS: &[Check] = &[
    Check {
        invariant: "I1",
        what: "lot holds more than it has, or a negative amount",
        sql: "SELECT id, on_hand AS stored, held AS found FROM lots WHERE held < 0 OR on_hand < 0 OR held > on_hand",
    },
    Check {
        invariant: "I1",
        what: "lot's held packs differ from the sum of its open holds",
        sql: "SELECT l.id, l.held AS stored, CAST(COALESCE(h.packs, 0) AS BIGINT) AS found FROM lots l LEFT JOIN \
              (SELECT lot_id, SUM(packs) AS packs FROM holds WHERE released_at IS NULL GROUP BY lot_id) h \
              ON h.lot_id = l.id WHERE l.held <> COALESCE(h.packs, 0)",
    },
    Check {
        invariant: "I2",
        what: "lot's packs on hand differ from the sum of its movements",
        sql: "SELECT l.id, l.on_hand AS stored, CAST(COALESCE(m.packs, 0) AS BIGINT) AS found FROM lots l LEFT JOIN \
              (SELECT lot_id, SUM(packs) AS packs FROM movements GROUP BY lot_id) m ON m.lot_id = l.id \
              WHERE l.on_hand <> COALESCE(m.packs, 0)",
    },
    Check {
        invariant: "I3",
        what: "order's total differs from the sum of its lines",
        sql: "SELECT o.id, o.total_rupiah AS stored, CAST(COALESCE(l.total, 0) AS BIGINT) AS found FROM orders o \
              LEFT JOIN (SELECT order_id, SUM(goods_rupiah + ppn_rupiah + freight_rupiah) AS total FROM order_lines \
              GROUP BY order_id) l ON l.order_id = o.id WHERE o.total_rupiah <> COALESCE(l.total, 0) \
              OR o.total_rupiah <> o.goods_rupiah + o.ppn_rupiah + o.freight_rupiah",
    },
    Check {
        invariant: "I5",
        what: "shares give more packs than the line orders",
        sql: "SELECT l.id, l.packs AS stored, CAST(s.packs AS BIGINT) AS found FROM order_lines l JOIN \
              (SELECT order_line_id, SUM(packs) AS packs FROM shares WHERE state IN ('proposed', 'accepted', 'reduced') \
              GROUP BY order_line_id) s ON s.order_line_id = l.id WHERE s.packs > l.packs",
    },
    Check {
        invariant: "I5",
        what: "shares of a confirmed line do not add up to its packs",
        sql: "SELECT l.id, l.packs AS stored, CAST(COALESCE(s.packs, 0) AS BIGINT) AS found FROM order_lines l \
              JOIN orders o ON o.id = l.order_id AND o.state = 'confirmed' LEFT JOIN \
              (SELECT order_line_id, SUM(packs) AS packs FROM shares WHERE state IN ('accepted', 'reduced') \
              GROUP BY order_line_id) s ON s.order_line_id = l.id WHERE l.packs <> COALESCE(s.packs, 0)",
    },
    Check {
        invariant: "I5",
        what: "shares of a confirmed line do not add up to its money",
        sql: "SELECT l.id, l.goods_rupiah AS stored, CAST(COALESCE(s.goods, 0) AS BIGINT) AS found FROM order_lines l \
              JOIN orders o ON o.id = l.order_id AND o.state = 'confirmed' LEFT JOIN \
              (SELECT s.order_line_id, SUM(s.packs * p.buyer_price_rupiah) AS goods FROM shares s \
              JOIN order_line_prices p ON p.order_line_id = s.order_line_id AND p.grade = s.grade \
              WHERE s.state IN ('accepted', 'reduced') GROUP BY s.order_line_id) s ON s.order_line_id = l.id \
              WHERE l.goods_rupiah <> COALESCE(s.goods, 0)",
    },
    Check {
        invariant: "I5",
        what: "share is promised but its lots hold another amount for it",
        sql: "SELECT s.id, s.packs AS stored, CAST(COALESCE(h.packs, 0) AS BIGINT) AS found FROM shares s \
              JOIN orders o ON o.id = s.order_id AND o.state IN ('sent', 'confirmed') LEFT JOIN \
              (SELECT share_id, SUM(packs) AS packs FROM holds WHERE released_at IS NULL GROUP BY share_id) h \
              ON h.share_id = s.id WHERE (s.state IN ('proposed', 'accepted', 'reduced') AND s.packs <> COALESCE(h.packs, 0)) \
              OR (s.state IN ('declined', 'released') AND COALESCE(h.packs, 0) <> 0)",
    },
    Check {
        invariant: "I6",
        what: "order has no line, or no event that placed it",
        sql: "SELECT o.id, (SELECT COUNT(*) FROM order_lines l WHERE l.order_id = o.id) AS stored, \
              (SELECT COUNT(*) FROM events e WHERE e.subject_kind = 'order' AND e.subject_id = o.id \
              AND e.kind IN ('submit', 'ask_approval')) AS found FROM orders o WHERE \
              NOT EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = o.id) OR NOT EXISTS (SELECT 1 FROM events e \
              WHERE e.subject_kind = 'order' AND e.subject_id = o.id AND e.kind IN ('submit', 'ask_approval'))",
    },
    Check {
        invariant: "I6",
        what: "order that has ended still holds stock",
        sql: "SELECT o.id, CAST(0 AS BIGINT) AS stored, CAST(SUM(h.packs) AS BIGINT) AS found FROM orders o JOIN holds h \
              ON h.order_id = o.id AND h.released_at IS NULL WHERE o.state IN ('draft', 'declined', 'cancelled', 'expired') \
              GROUP BY o.id",
    },
    Check {
        invariant: "I8",
        what: "letter or notice has no event that is its reason",
        sql: "SELECT j.id, CAST(1 AS BIGINT) AS stored, CAST(0 AS BIGINT) AS found FROM jobs j LEFT JOIN events e \
              ON e.id = j.event_id WHERE j.kind = 'letter' AND e.id IS NULL",
    },
    Check {
        invariant: "I11",
        what: "order numbers of an issuer have gaps",
        sql: "SELECT c.issuer_id AS id, c.value AS stored, (SELECT COUNT(*) FROM orders o WHERE \
              o.cooperative_id = c.issuer_id AND o.number LIKE c.kind || '/%/' || CAST(c.year AS TEXT) || '/%') AS found \
              FROM counters c WHERE c.kind = 'SO' AND c.value <> (SELECT COUNT(*) FROM orders o WHERE \
              o.cooperative_id = c.issuer_id AND o.number LIKE c.kind || '/%/' || CAST(c.year AS TEXT) || '/%')",
    },
];

/// I10: a row points only at rows of its owners (DESIGN "Who owns a row"). Each query joins the row (`a`) with the one it
/// points at and gives those whose owners differ; both ids stand in the breach.
pub(super) const OWNERS: &[Check] = &[
    Check {
        invariant: "I10",
        what: "lot is not its product's owner's",
        sql: "SELECT a.id, b.id AS other FROM lots a JOIN products b ON b.id = a.product_id WHERE a.umkm_id <> b.umkm_id",
    },
    Check {
        invariant: "I10",
        what: "certificate is of another business than its product",
        sql: "SELECT a.id, b.id AS other FROM certificates a JOIN products b ON b.id = a.product_id \
              WHERE a.organisation_id <> b.umkm_id",
    },
    Check {
        invariant: "I10",
        what: "product came from another business's import",
        sql: "SELECT a.id, b.id AS other FROM products a JOIN imports b ON b.id = a.import_id WHERE a.umkm_id <> b.owner_id",
    },
    Check {
        invariant: "I10",
        what: "supply is of another cooperative than its offer",
        sql: "SELECT a.id, b.id AS other FROM supplies a JOIN offers b ON b.id = a.offer_id \
              WHERE a.cooperative_id <> b.cooperative_id",
    },
    Check {
        invariant: "I10",
        what: "supply is of another supplier than its product",
        sql: "SELECT a.id, b.id AS other FROM supplies a JOIN products b ON b.id = a.product_id \
              WHERE a.supplier_id <> b.umkm_id",
    },
    Check {
        invariant: "I10",
        what: "supplier was never taken into the cooperative that pools its goods",
        sql: "SELECT a.id, a.supplier_id AS other FROM supplies a WHERE a.withdrawn_at IS NULL \
              AND a.supplier_id <> a.cooperative_id AND NOT EXISTS (SELECT 1 FROM members m \
              WHERE m.cooperative_id = a.cooperative_id AND m.supplier_id = a.supplier_id \
              AND m.status IN ('active', 'candidate', 'associate'))",
    },
    Check {
        invariant: "I10",
        what: "catalog shows another cooperative's offer",
        sql: "SELECT c.id, o.id AS other FROM catalog_offers a JOIN catalogs c ON c.id = a.catalog_id \
              JOIN offers o ON o.id = a.offer_id WHERE c.cooperative_id <> o.cooperative_id",
    },
    Check {
        invariant: "I10",
        what: "cart holds another cooperative's offer",
        sql: "SELECT c.id, o.id AS other FROM cart_lines a JOIN carts c ON c.id = a.cart_id \
              JOIN offers o ON o.id = a.offer_id WHERE c.cooperative_id <> o.cooperative_id",
    },
    Check {
        invariant: "I10",
        what: "order line is of another cooperative's offer",
        sql: "SELECT a.id, b.id AS other FROM order_lines a JOIN orders o ON o.id = a.order_id \
              JOIN offers b ON b.id = a.offer_id WHERE o.cooperative_id <> b.cooperative_id",
    },
    Check {
        invariant: "I10",
        what: "share is of another order than its line",
        sql: "SELECT a.id, b.id AS other FROM shares a JOIN order_lines b ON b.id = a.order_line_id \
              WHERE a.order_id <> b.order_id",
    },
    Check {
        invariant: "I10",
        what: "share is of another cooperative than its order",
        sql: "SELECT a.id, b.id AS other FROM shares a JOIN orders b ON b.id = a.order_id \
              WHERE a.cooperative_id <> b.cooperative_id",
    },
    Check {
        invariant: "I10",
        what: "share is of another cooperative, supplier or product than its supply",
        sql: "SELECT a.id, b.id AS other FROM shares a JOIN supplies b ON b.id = a.supply_id \
              WHERE a.cooperative_id <> b.cooperative_id OR a.supplier_id <> b.supplier_id OR a.product_id <> b.product_id",
    },
    Check {
        invariant: "I10",
        what: "share comes from another line's sharing run",
        sql: "SELECT a.id, b.id AS other FROM shares a JOIN allocations b ON b.id = a.allocation_id \
              WHERE a.order_line_id <> b.order_line_id",
    },
    Check {
        invariant: "I10",
        what: "sharing run counts another cooperative's or supplier's supply",
        sql: "SELECT a.allocation_id AS id, b.id AS other FROM allocation_rows a JOIN supplies b ON b.id = a.supply_id \
              WHERE a.cooperative_id <> b.cooperative_id OR a.supplier_id <> b.supplier_id",
    },
    Check {
        invariant: "I10",
        what: "share holds stock of another product",
        sql: "SELECT h.id, l.id AS other FROM holds h JOIN shares s ON s.id = h.share_id JOIN lots l ON l.id = h.lot_id \
              WHERE l.product_id <> s.product_id",
    },
    Check {
        invariant: "I10",
        what: "hold is for another order than its share",
        sql: "SELECT h.id, s.id AS other FROM holds h JOIN shares s ON s.id = h.share_id WHERE h.order_id <> s.order_id",
    },
    Check {
        invariant: "I10",
        what: "order, cart or member stands between organisations of the wrong kind",
        sql: "SELECT a.id, a.seller AS other FROM (SELECT id, buyer_id AS buyer, cooperative_id AS seller FROM orders \
              UNION ALL SELECT id, buyer_id, cooperative_id FROM carts) a JOIN organisations b ON b.id = a.buyer \
              JOIN organisations c ON c.id = a.seller WHERE b.kind <> 'buyer' OR c.kind <> 'cooperative' \
              UNION ALL SELECT m.id, m.cooperative_id FROM members m JOIN organisations c ON c.id = m.cooperative_id \
              WHERE c.kind <> 'cooperative'",
    },
    Check {
        invariant: "I10",
        what: "somebody is told of an organisation they never belonged to",
        sql: "SELECT n.id, n.organisation_id AS other FROM notices n WHERE n.organisation_id IS NOT NULL AND NOT EXISTS \
              (SELECT 1 FROM roles r WHERE r.person_id = n.person_id AND r.organisation_id = n.organisation_id)",
    },
    Check {
        invariant: "I10",
        what: "somebody has a role that organisations of this kind don't have",
        sql: "SELECT r.person_id AS id, r.organisation_id AS other FROM roles r JOIN organisations o \
              ON o.id = r.organisation_id WHERE o.kind <> CASE r.role WHEN 'umkm_owner' THEN 'umkm' \
              WHEN 'platform_admin' THEN 'platform' WHEN 'dinas_observer' THEN 'agency' WHEN 'buyer_staff' THEN 'buyer' \
              WHEN 'buyer_approver' THEN 'buyer' ELSE 'cooperative' END",
    },
];
