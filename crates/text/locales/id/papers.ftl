papers-page = Halaman { $page } dari { $pages }
