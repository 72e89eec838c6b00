"""The shop's front page, categories, search, products and reviews."""

from __future__ import annotations

from typing import Any

from agentgym_envs.webarena.pages.build import (
    Cell,
    button,
    field,
    form,
    heading,
    hidden,
    image,
    label,
    li,
    link,
    nav,
    p,
    paragraphs,
    select,
    strong,
    table,
    ul,
)
from agentgym_envs.webarena.pages.nodes import Content, Node, shorten, wrap
from agentgym_envs.webarena.sites.database import Row, escape_like
from agentgym_envs.webarena.sites.shop.layout import customer, shop
from agentgym_envs.webarena.sites.signing import noticed
from agentgym_envs.webarena.sites.site import NotFound, View, Visit
from agentgym_envs.webarena.sites.widgets import choices, money, pager, plural

PER_PAGE = 12
REVIEWS_SHOWN = 4
REVIEWS_PER_PAGE = 10
STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
ORDERS = {
    "position": "p.id",
    "name": "p.name",
    "price": "p.price",
    "rating": "coalesce(rating, 0)",
}
ORDER_NAMES = (
    ("position", "Position"),
    ("name", "Product Name"),
    ("price", "Price"),
    ("rating", "Rating"),
)
DIRECTIONS = (("asc", "Ascending"), ("desc", "Descending"))
# Products with the mean and number of their approved reviews.
_SELECT = "SELECT p.id, p.slug, p.name, p.price, p.stock, "
_RATED = """
rating, coalesce(reviews, 0) FROM product p LEFT JOIN (
  SELECT product, avg(rating) AS rating, count(*) AS reviews
  FROM review WHERE status = 'Approved' GROUP BY product
) ON product = p.id WHERE p.enabled AND """
_OF_ONE = "FROM review WHERE product = p.id AND status = 'Approved'"
BY_RATING = _SELECT + _RATED
# The same, faster where few rows are shown of an order that ratings have no part in.
LISTED = (
    f"{_SELECT} (SELECT avg(rating) {_OF_ONE}) AS rating, "
    f"(SELECT count(*) {_OF_ONE}) FROM product p WHERE p.enabled AND "
)


def rating_text(rating: float | None, reviews: int) -> str:
    """Tell a mean rating."""
    if not reviews:
        return "No reviews yet"
    assert rating is not None
    return f"{rating:.1f} of 5 ({plural(reviews, 'review')})"


def product_table(rows: list[Row]) -> Node:
    """Products with a button each to put them into the cart."""
    cells: list[list[Cell]] = []
    for number, slug, name, price, stock, rating, reviews in rows:
        buy: Cell = "Out of stock"
        if stock > 0:
            buy = button("Add to Cart", name="product", value=str(number))
        cells.append(
            [
                link(shorten(name, 60), f"/{slug}.html"),
                money(price),
                rating_text(rating, reviews),
                buy,
            ]
        )
    return form(
        "/checkout/cart/add", table(["Product", "Price", "Rating", "Buy"], cells)
    )


def listing(visit: Visit, where: str, values: tuple[Any, ...]) -> list[Node]:
    """The products that fit, sorted and cut as the query says."""
    order = visit.asked("product_list_order", "position")
    order = order if order in ORDERS else "position"
    direction = visit.asked("product_list_dir", "asc")
    direction = direction if direction == "desc" else "asc"
    low, high = visit.number("from", 0), visit.number("to", 0)
    if low > 0:
        where, values = f"{where} AND p.price >= ?", (*values, low * 100)
    if high > 0:
        where, values = f"{where} AND p.price <= ?", (*values, high * 100)
    count = visit.db.value(f"SELECT count(*) FROM product p WHERE {where}", *values)
    keep = [
        hidden(name, visit.query[name])
        for name in ("q", "product_list_order", "product_list_dir")
        if visit.query.get(name)
    ]
    limits = form(
        visit.path,
        *keep,
        p(
            label("Price from", "from"),
            field("from", str(low) if low > 0 else "", id="from"),
            label("to", "to"),
            field("to", str(high) if high > 0 else "", id="to"),
            button("Filter"),
        ),
        method="get",
    )
    sorting = nav(
        p("Sort by", *choices(visit, "product_list_order", ORDER_NAMES, order)),
        p("Direction", *choices(visit, "product_list_dir", DIRECTIONS, direction)),
        label="Sorting",
    )
    if not count:
        return [limits, p("We can't find products matching the selection.")]
    page, pages = visit.page_number(count, PER_PAGE)
    rows = visit.db.rows(
        f"{BY_RATING if order == 'rating' else LISTED} {where} "
        f"ORDER BY {ORDERS[order]} {direction}, p.id LIMIT ? OFFSET ?",
        *values,
        PER_PAGE,
        (page - 1) * PER_PAGE,
    )
    first = (page - 1) * PER_PAGE + 1
    told = f"Items {first}-{first + len(rows) - 1} of {count}"
    return [p(told), sorting, limits, product_table(rows), *pager(visit, page, pages)]


@shop.page("/", "product", "review")
def front(visit: Visit) -> View:
    """Show what customers rate best."""
    rows = visit.db.rows(
        f"{BY_RATING} p.stock > 0 AND reviews >= 3 ORDER BY rating DESC, p.id LIMIT 10"
    )
    return View(
        "One Stop Market",
        [
            heading(1, "One Stop Market"),
            heading(2, "Product Showcases"),
            product_table(rows),
        ],
    )


@shop.page("/<slug>.html", "category", "product", "review")
def by_slug(visit: Visit, slug: str) -> View:
    """Show a category or a product."""
    category = visit.db.row(
        "SELECT id, name, parent FROM category WHERE slug = ?", slug
    )
    if category is not None:
        return _category(visit, *category)
    return _product(visit, slug)


def _category(visit: Visit, number: int, name: str, parent: int) -> View:
    below = visit.db.rows(
        "SELECT slug, name FROM category WHERE parent = ? ORDER BY id", number
    )
    where = (
        "p.enabled AND p.category IN (SELECT id FROM category WHERE ? IN (id, parent))"
    )
    way: list[Content] = [link("Home", "/")]
    if parent:
        slug, above = visit.db.rows(
            "SELECT slug, name FROM category WHERE id = ?", parent
        )[0]
        way.append(link(above, f"/{slug}.html"))
    content = [p(*way, name), heading(1, name)]
    if below:
        items = [li(link(text, f"/{slug}.html")) for slug, text in below]
        content.append(nav(ul(*items), label="Shop by category"))
    return View(
        f"{name} - One Stop Market", [*content, *listing(visit, where, (number,))]
    )


@shop.page("/catalogsearch/result", "category", "product", "review")
def search(visit: Visit) -> View:
    """Show what has all words in its name, number or category."""
    wanted = visit.asked("q")
    title = f"Search results for: '{shorten(wanted, 100)}'"
    words = wanted.split()[:8]
    if not words:
        return View("Search results", [heading(1, title), p("Please enter a word.")])
    where = "p.enabled"
    values: tuple[str, ...] = ()
    for word in words:
        where += (
            " AND (p.name LIKE ? ESCAPE '\\' OR p.sku = ? OR p.category IN "
            "(SELECT id FROM category WHERE name LIKE ? ESCAPE '\\'))"
        )
        like = f"%{escape_like(word)}%"
        values = (*values, like, word.upper(), like)
    return View(title, [heading(1, title), *listing(visit, where, values)])


@shop.page("/catalogsearch/advanced", "product", "review")
def advanced(visit: Visit) -> View:
    """Search in single fields."""
    name, sku = visit.asked("name"), visit.asked("sku")
    text = visit.asked("description")
    ask = form(
        "/catalogsearch/advanced",
        p(label("Product Name", "name"), field("name", name, id="name")),
        p(label("SKU", "sku"), field("sku", sku, id="sku")),
        p(label("Description", "text"), field("description", text, id="text")),
        p(button("Search Catalog")),
        method="get",
    )
    content = [heading(1, "Advanced Search"), ask]
    if name or sku or text:
        where = "p.enabled"
        values: tuple[str, ...] = ()
        for column, wanted in (("name", name), ("sku", sku), ("description", text)):
            if wanted:
                where += f" AND p.{column} LIKE ? ESCAPE '\\'"
                values = (*values, f"%{escape_like(wanted)}%")
        rows = visit.db.rows(f"{LISTED} {where} ORDER BY p.id LIMIT 30", *values)
        content.append(p(f"{plural(len(rows), 'item')} found"))
        if rows:
            content.append(product_table(rows))
    return View("Advanced Search", content)


@shop.page("/search/term/popular", "category")
def terms(visit: Visit) -> View:
    """Show what is often searched for: the names of the subcategories."""
    names = visit.db.rows("SELECT name FROM category WHERE parent ORDER BY name")
    items = [
        li(link(name, f"/catalogsearch/result?q={name.lower().replace(' ', '+')}"))
        for (name,) in names
        if "&" not in name
    ]
    return View(
        "Popular Search Terms", [heading(1, "Popular Search Terms"), ul(*items)]
    )


def _product(visit: Visit, slug: str) -> View:
    row = visit.db.row(
        "SELECT p.id, sku, p.name, brand, price, stock, description, c.slug, c.name "
        "FROM product p JOIN category c ON c.id = category "
        "WHERE p.slug = ? AND enabled",
        slug,
    )
    if row is None:
        raise NotFound
    number, sku, name, brand, price, stock, text, above, kind = row
    rating, count = visit.db.rows(
        "SELECT avg(rating), count(*) FROM review "
        "WHERE product = ? AND status = 'Approved'",
        number,
    )[0]
    content = [
        p(link("Home", "/"), link(kind, f"/{above}.html"), shorten(name, 80)),
        heading(1, shorten(name, 150)),
        p(image(shorten(name, 60)), strong(money(price))),
        p(rating_text(rating, count)),
        p(f"SKU: {sku}"),
        p(f"Brand: {brand}"),
        p("In stock" if stock > 0 else "Out of stock"),
        *paragraphs(wrap(text)),
    ]
    chosen = hidden("product", str(number))
    if stock > 0:
        content.append(
            form(
                "/checkout/cart/add",
                chosen,
                p(
                    label("Qty", "qty"),
                    field("qty", "1", id="qty"),
                    button("Add to Cart"),
                ),
            )
        )
    content += [
        form("/wishlist/add", chosen, p(button("Add to Wish List"))),
        heading(2, "Customer Reviews"),
        *_reviews(visit, number, REVIEWS_SHOWN, 0),
    ]
    if count > REVIEWS_SHOWN:
        more = f"/review/product/list/id/{number}"
        content.append(p(link(f"See all {count} reviews", more)))
    content.append(_review_form(number, name))
    return View(name, content)


def _review_form(number: int, name: str) -> Node:
    stars = [(str(count), text) for count, text in enumerate(STARS, 1)]
    return form(
        f"/review/product/post/id/{number}",
        heading(3, f"You're reviewing: {shorten(name, 100)}"),
        p(label("Rating", "rating"), select("rating", stars, "5", id="rating")),
        p(label("Nickname", "nickname"), field("nickname", id="nickname")),
        p(label("Summary", "title"), field("title", id="title")),
        p(label("Review", "detail"), field("detail", id="detail")),
        p(button("Submit Review")),
    )


def _reviews(visit: Visit, product: int, limit: int, offset: int) -> list[Node]:
    rows = visit.db.rows(
        "SELECT title, rating, text, nickname, day FROM review "
        "WHERE product = ? AND status = 'Approved' "
        "ORDER BY day DESC, id DESC LIMIT ? OFFSET ?",
        product,
        limit,
        offset,
    )
    if not rows:
        return [p("Be the first to review this product.")]
    items = [
        li(
            p(strong(shorten(title, 100)), f"Rating: {STARS[rating - 1]}"),
            *paragraphs(wrap(text)),
            p(f"Review by {shorten(nickname, 60)}, posted on {day}"),
        )
        for title, rating, text, nickname, day in rows
    ]
    return [ul(*items)]


@shop.page("/review/product/list/id/<int:number>", "product", "review")
def reviews(visit: Visit, number: int) -> View:
    """Show all reviews of a product."""
    row = visit.db.row(
        "SELECT slug, name FROM product WHERE id = ? AND enabled", number
    )
    if row is None:
        raise NotFound
    slug, name = row
    count = visit.db.value(
        "SELECT count(*) FROM review WHERE product = ? AND status = 'Approved'", number
    )
    page, pages = visit.page_number(count, REVIEWS_PER_PAGE)
    offset = (page - 1) * REVIEWS_PER_PAGE
    return View(
        f"Reviews of {name}",
        [
            heading(1, "Customer Reviews"),
            p(link(shorten(name, 100), f"/{slug}.html")),
            p(plural(count, "review")),
            *_reviews(visit, number, REVIEWS_PER_PAGE, offset),
            *pager(visit, page, pages),
        ],
    )


@shop.action("/review/product/post/id/<int:number>")
def post_review(visit: Visit, number: int) -> str:
    """Keep a review until it is approved."""
    slug = visit.db.value("SELECT slug FROM product WHERE id = ?", number)
    if slug is None:
        raise NotFound
    title, text = visit.sent("title", 100), visit.sent("detail", 2000)
    nickname, rating = visit.sent("nickname", 60), visit.number("rating")
    if not (title and text and nickname and 1 <= rating <= 5):
        return noticed(f"/{slug}.html", "incomplete")
    visit.db.insert(
        "review",
        product=number,
        account=visit.account,
        nickname=nickname,
        rating=rating,
        title=title,
        text=text,
        day=visit.now[:10],
        status="Pending",
    )
    return noticed(f"/{slug}.html", "review")


@shop.page("/wishlist", "wish", "product")
def wishlist(visit: Visit) -> View:
    """Show what the customer would like to have."""
    rows = visit.db.rows(
        "SELECT w.id, p.slug, p.name, p.price, p.id, p.stock FROM wish w "
        "JOIN product p ON p.id = w.product WHERE account = ? ORDER BY w.id",
        customer(visit),
    )
    if not rows:
        return View(
            "My Wish List",
            [heading(1, "My Wish List"), p("You have no items in your wish list.")],
        )
    cells: list[list[Cell]] = [
        [
            link(shorten(name, 60), f"/{slug}.html"),
            money(price),
            button(
                "Add to Cart",
                name="product",
                value=str(product),
                action="/checkout/cart/add",
            )
            if stock > 0
            else "Out of stock",
            button("Remove item", name="item", value=str(number)),
        ]
        for number, slug, name, price, product, stock in rows
    ]
    return View(
        "My Wish List",
        [
            heading(1, "My Wish List"),
            p(plural(len(rows), "item")),
            form(
                "/wishlist/remove", table(["Product", "Price", "Buy", "Remove"], cells)
            ),
        ],
    )


@shop.action("/wishlist/add")
def wish(visit: Visit) -> str:
    """Put a product onto the wish list, once."""
    account = customer(visit)
    product = visit.number("product")
    if not visit.db.value("SELECT 1 FROM product WHERE id = ? AND enabled", product):
        raise NotFound
    if not visit.db.value(
        "SELECT 1 FROM wish WHERE account = ? AND product = ?", account, product
    ):
        visit.db.insert("wish", account=account, product=product)
    return noticed("/wishlist", "wished")


@shop.action("/wishlist/remove")
def unwish(visit: Visit) -> str:
    """Take a product off the wish list."""
    visit.db.delete("wish", id=visit.number("item"), account=customer(visit))
    return noticed("/wishlist", "removed")
