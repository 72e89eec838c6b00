"""Where random walks on our own sites go, and what they type."""

from __future__ import annotations

from agentgym_envs.webarena.sites.shop import shop

SITES = {"shop": shop}

_SHOP = """
/ /home-kitchen.html /tea.html /headphones.html?product_list_order=price
/cookware.html?product_list_order=rating&product_list_dir=desc&from=20&to=90
/catalogsearch/result?q=green+tea /catalogsearch/result/?q=%25 /catalogsearch/result
/catalogsearch/advanced?name=lamp /search/term/popular /checkout/cart /checkout
/checkout/onepage/success /sales/order/history /sales/order/history?p=2
/sales/order/view/order_id/7 /sales/order/view/order_id/8 /wishlist /customer/account
/customer/account/edit /customer/account/login /customer/account/create
/customer/address /customer/address/new /customer/address/edit/id/1 /newsletter/manage
/contact /review/customer /review/product/list/id/1 /nothing /a/b/c
/redthorn-hyaluronic-cleansing-gel-1-7-oz-1.html
/brightmoor-oat-and-honey-face-cream-4-oz-2.html
""".split()

ADDRESSES = {
    "shopping": [f"http://onestopmarket.com{path}" for path in _SHOP],
}
WORDS = {
    "shopping": ["lamp", "10", "emma.lopez@gmail.com", "Password.123", "5 stars", "3"],
}
SESSIONS = {
    "shopping": {"onestopmarket.com": "session-emma"},
}
