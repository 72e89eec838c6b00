"""The tasks: intents on the embedded sites, with where they begin and how they end.

Every template reads the sites' databases as they are at the start of an episode, so
answers are computed and never typed in.
"""

from __future__ import annotations

from functools import cache

from agentgym_envs.tasks import Split, Task, TaskSet
from agentgym_envs.webarena.tasks import (
    admin,
    county,
    forge,
    forum,
    homepage,
    several,
    shop,
)
from agentgym_envs.webarena.tasks.item import Item, Template

# Item numbers follow from this order, and users write them down: new templates are
# added at the end only, and whether one is for testing never changes.
TEMPLATES: tuple[Template, ...] = (
    shop.order_total,
    shop.order_day,
    shop.order_items,
    shop.spent_in_month,
    shop.price_of_product,
    shop.latest_reviewer,
    shop.missing_product,
    shop.cheapest_first,
    shop.within_budget,
    shop.order_with_product,
    shop.product_by_number,
    shop.wish_for_product,
    shop.several_into_cart,
    shop.buy_product,
    shop.review_product,
    shop.subscribe_friend,
    shop.change_phone,
    shop.write_to_shop,
    shop.cancel_sent_order,
    forum.author_of_post,
    forum.points_of_post,
    forum.member_since,
    forum.best_of_forum,
    forum.most_commented,
    forum.page_of_author,
    forum.subscribe,
    forum.vote_for_post,
    forum.comment_on_post,
    forum.answer_comment,
    forum.submit_post,
    forum.write_biography,
    forum.delete_of_others,
    forge.commits_of_user,
    forge.author_of_issue,
    forge.stars_of_project,
    forge.branch_of_request,
    forge.issues_with_label,
    forge.merged_requests,
    forge.file_of_project,
    forge.open_issue,
    forge.comment_on_issue,
    forge.close_issue,
    forge.assign_issue,
    forge.label_issue,
    forge.star_project,
    forge.invite_member,
    forge.new_project,
    forge.set_status,
    forge.fork_project,
    forge.invite_to_foreign,
    several.post_a_price,
    several.issue_from_forum,
    several.stars_and_points,
    several.search_for_brand,
    several.gap_of_counts,
    admin.sales_of_month,
    admin.lifetime_sales,
    admin.page_of_order,
    admin.page_of_product,
    admin.set_stock,
    admin.judge_review,
    admin.new_coupon,
    county.phone_of_place,
    county.length_of_way,
    county.nearest_of_kind,
    county.page_of_place,
    county.way_between_places,
    county.birth_of_person,
    county.age_of_town,
    county.missing_person,
    county.town_of_person,
    county.maker_of_work,
    county.article_on_town,
    homepage.open_calculation,
    homepage.open_quotient,
    homepage.work_out,
    homepage.people_of_two_towns,
    homepage.write_note,
    homepage.note_number_of_product,
    homepage.note_commits,
)


@cache
def all_items() -> tuple[Item, ...]:
    """Give all tasks; made once per process."""
    return tuple(item for template in TEMPLATES for item in template.items())


class WebArenaTasks(TaskSet):
    """The tasks on the embedded sites, of one category or of all."""

    def __init__(self, *, split: Split, category: str = "") -> None:
        items = [
            (index, item.is_test)
            for index, item in enumerate(all_items())
            if category in ("", item.category)
        ]
        super().__init__(
            prefix="webarena",
            train=[index for index, is_test in items if not is_test],
            test=[index for index, is_test in items if is_test],
            split=split,
        )

    def _build(self, index: int, split: str) -> Task:
        item = all_items()[index]
        payload = {
            "category": item.category,
            "template": item.template,
            "sites": item.sites,
            "start": item.start,
            "check": item.check,
            "steps": item.steps,
        }
        return Task(self.id_of(index), index, split, item.intent, payload)
