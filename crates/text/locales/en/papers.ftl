papers-page = Page { $page } of { $pages }
