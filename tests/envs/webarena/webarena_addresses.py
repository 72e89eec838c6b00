"""Where random walks on our own sites go, and what they type."""

from __future__ import annotations

from agentgym_envs.webarena.sites.admin import admin
from agentgym_envs.webarena.sites.forge import forge
from agentgym_envs.webarena.sites.forum import forum
from agentgym_envs.webarena.sites.home import home
from agentgym_envs.webarena.sites.maps import maps
from agentgym_envs.webarena.sites.shop import shop
from agentgym_envs.webarena.sites.wiki import wiki

SITES = {
    "shop": shop,
    "admin": admin,
    "forum": forum,
    "forge": forge,
    "map": maps,
    "wiki": wiki,
    "home": home,
}

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

PROJECTS = ("/byteblaze/tide-clock", "/marcusw/semaphore-bot")
_PROJECT = """
{} {}/-/tree/main {}/-/blob/main/README.md {}/-/blob/main/docs/cache.md
{}/-/new/main {}/-/commits/main {}/-/graphs/main {}/-/issues {}/-/issues?state=all&p=2
{}/-/issues/new {}/-/issues/1 {}/-/issues/2 {}/-/merge_requests {}/-/merge_requests/1
{}/-/labels {}/-/milestones {}/-/project_members {}/-/issues?label_name=bug
""".split()
_FORGE = [
    *"/ /explore /explore?sort=name&p=2 /search?search=map /search".split(),
    *"/users/sign_in /dashboard/issues /dashboard/merge_requests?state=all".split(),
    *"/dashboard/nothing /-/profile /byteblaze /ksato".split(),
    *"/projects/new /no/project".split(),
    *[path.format(project) for path in _PROJECT for project in PROJECTS],
]
_FORUM = """
/ /?sort=new /all?sort=top&p=3 /forums /forums?p=2 /f/aquariums /f/Coffee?sort=new
/f/chess/199 /f/chess/200 /f/askhistory/1 /f/askhistory/2 /f/askhistory/1/comment/1
/f/askhistory/1/edit /submit /submit/tea /create_forum /login /registration
/user/tinroof /user/MarvelsGrantMan136 /user/MarvelsGrantMan136/edit_biography
/user/nobody /search /search?q=the+tea /search?q=%25_ /f/nothing /f/tea/edit /nothing
""".split()

_ADMIN = """
/ /admin /admin/login /admin/sales/order /admin/sales/order?status=Pending&p=2
/admin/sales/order?search=emma /admin/sales/order/view/7 /admin/sales/order/view/299
/admin/sales/order/view/300 /admin/customer /admin/customer?search=lopez
/admin/customer/1 /admin/catalog/product /admin/catalog/product?search=tea
/admin/catalog/product/edit/5 /admin/review/product /admin/review/product/edit/9
/admin/review/product?status=Pending /admin/sales_rule /admin/sales_rule/new
/admin/sales_rule/edit/2 /admin/cms/page /admin/cms/page/edit/1 /admin/search/term
/admin/reports/sales /admin/reports/sales?from=2023-01-01&to=2023-02-28&period=day
/admin/reports/bestsellers /admin/nothing
""".split()

_MAP = """
/ /search?query=hotel+dunford /search?query=caf%C3%A9&p=3 /search /place/1 /place/400
/place/9999 /nearby?place=5&type=Hotel /nearby?place=5&type=x /directions
/directions?engine=car&from=Alderton+Station&to=Kingsport+Town+Hall
/directions?engine=foot&from=Alderton+Station&to=Alderton+Town+Hall
/directions?engine=bike&from=nowhere&to=Dunford
/directions?from=Dunford+Station&to=Dunford+Station
""".split()
_WIKI = """
/ /wiki/Alder_County /wiki/Dunford /wiki/Kingsport_Station /wiki/Wend /wiki/nothing
/categories /category/Towns /category/People?p=3 /category/x /search?q=painter
/search?q=%25 /search /wiki/stony_brook
""".split()
_HOME = """
/ /password.html /calculator.html /calculator.html?sum=(2%2B3)*4%2F7 /scratchpad.html
/calculator.html?sum=1%2F0 /calculator.html?sum=__import__ /nothing
""".split()

ADDRESSES = {
    "map": [f"http://openstreetmap.org{path}" for path in _MAP],
    "wikipedia": [f"http://wikipedia.org{path}" for path in _WIKI],
    "homepage": [f"http://homepage.com{path}" for path in _HOME],
    "shopping_admin": [f"http://luma.com{path}" for path in _ADMIN],
    "gitlab": [f"http://gitlab.com{path}" for path in _FORGE],
    "reddit": [f"http://reddit.com{path}" for path in _FORUM],
    "shopping": [f"http://onestopmarket.com{path}" for path in _SHOP],
}
WORDS = {
    "map": ["Alderton", "Station", "hotel", "Bicycle", "Museum", "Kingsport"],
    "wikipedia": ["Alder", "painter", "Dunford", "founded 1700"],
    "homepage": ["1 + 2 * 3", "buy milk", "(4"],
    "shopping_admin": ["12.99", "40", "2023-03-01", "admin", "admin1234", "Sale"],
    "gitlab": ["ksato", "@byteblaze", "hello1234", "Broken", "README.md", "Developer"],
    "reddit": ["Nice thread", "MarvelsGrantMan136", "test1234", "tea", "new_forum"],
    "shopping": ["lamp", "10", "emma.lopez@gmail.com", "Password.123", "5 stars", "3"],
}
SESSIONS = {
    "map": {},
    "wikipedia": {},
    "homepage": {},
    "shopping_admin": {"luma.com": "session-admin"},
    "gitlab": {"gitlab.com": "session-byteblaze"},
    "reddit": {"reddit.com": "session-marvels"},
    "shopping": {"onestopmarket.com": "session-emma"},
}
