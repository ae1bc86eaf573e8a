"""The quiet page keeps every sentence, whatever happens (A12, A13, A14, A16)."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

JOURNAL = "今天教《桂花雨》，学生问了一个好问题。"
STATE = ".writing-foot [data-save-state]"


def open_page(page: Page) -> None:
    page.goto("/write")
    expect(page.locator("[data-count]")).not_to_be_empty()


def write(page: Page, text: str = JOURNAL) -> None:
    page.get_by_label("题目").fill("安静的几秒钟")
    page.get_by_label("正文").fill(text)


def wait_until_saved(page: Page) -> None:
    page.clock.run_for(3_500)
    expect(page.locator(STATE)).to_have_text("已保存 21:31")


def text_of(page: Page) -> str:
    return page.get_by_label("正文").input_value()


def local_copies(page: Page) -> list[str]:
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return [name for name in names if name.startswith("portal-draft:")]


def test_a_pause_saves_and_the_page_says_when(page: Page, server: Any) -> None:
    open_page(page)
    write(page)
    expect(page.locator(STATE)).to_have_text(
        "有改动，稍后自动保存".replace(",", "\uff0c")
    )
    assert server.saves == 0
    wait_until_saved(page)
    assert server.fields == {"heading": "安静的几秒钟", "text": JOURNAL}
    assert local_copies(page) == []


def test_somebody_who_never_pauses_is_saved_too(page: Page, server: Any) -> None:
    open_page(page)
    for _second in range(25):
        page.get_by_label("正文").press_sequentially("写")
        page.clock.run_for(1_000)
    expect(page.locator(STATE)).to_contain_text(re.compile("已保存|有改动"))
    assert server.saves >= 1


def test_the_copy_on_the_device_is_there_before_the_server_answers(
    page: Page, server: Any
) -> None:
    open_page(page)
    write(page)
    page.clock.run_for(500)
    assert len(local_copies(page)) == 1
    assert server.saves == 0


def test_a_half_composed_word_is_neither_counted_nor_saved(
    page: Page, server: Any
) -> None:
    open_page(page)
    page.get_by_label("题目").fill("题")
    wait_until_saved(page)
    page.get_by_label("正文").focus()
    keyboard = page.context.new_cdp_session(page)
    for pinyin in ("n", "ni", "nih", "nihao"):
        keyboard.send(
            "Input.imeSetComposition",
            {
                "text": pinyin,
                "selectionStart": len(pinyin),
                "selectionEnd": len(pinyin),
            },
        )
    page.clock.run_for(4_000)
    expect(page.locator("[data-count]")).to_contain_text("0 字")
    assert server.fields["text"] == ""
    keyboard.send("Input.insertText", {"text": "你好"})
    expect(page.locator("[data-count]")).to_contain_text("2 字")
    wait_until_saved(page)
    assert server.fields["text"] == "你好"


def test_a_text_that_never_reached_the_server_is_offered_again(
    page: Page, server: Any
) -> None:
    open_page(page)
    page.context.set_offline(True)
    write(page)
    page.clock.run_for(3_500)
    expect(page.locator(STATE)).to_have_text("未保存\uff0c已存在本机")
    server.status = 503
    page.context.set_offline(False)
    page.reload()
    server.status = 200
    panel = page.locator("[data-writing-restore]")
    expect(panel).to_be_visible()
    expect(panel.locator("[data-mine]")).to_have_text(JOURNAL)
    assert text_of(page) == ""
    panel.get_by_role("button", name="用本机的草稿").click()
    assert text_of(page) == JOURNAL
    wait_until_saved(page)
    assert server.fields["text"] == JOURNAL


def test_another_person_on_the_device_never_meets_the_draft(
    page: Page, server: Any
) -> None:
    open_page(page)
    server.status = 503
    write(page)
    page.clock.run_for(3_500)
    expect(page.locator(STATE)).to_have_text("未保存\uff0c已存在本机")
    server.status, server.person = 200, 18
    open_page(page)
    expect(page.locator("[data-writing-restore]")).to_be_hidden()
    assert "桂花雨" not in page.content()
    server.person = 17
    open_page(page)
    expect(page.locator("[data-writing-restore]")).to_be_visible()


def test_an_older_page_shows_both_texts_and_overwrites_nothing(
    page: Page, server: Any
) -> None:
    open_page(page)
    server.save("在手机上写的。")
    write(page)
    page.clock.run_for(3_500)
    panel = page.locator("[data-writing-stale]")
    expect(panel.locator("[data-mine]")).to_have_text(JOURNAL)
    expect(panel.locator("[data-theirs]")).to_have_text("在手机上写的。")
    assert server.fields["text"] == "在手机上写的。"
    panel.get_by_role("button", name="换成别处的").click()
    assert text_of(page) == "在手机上写的。"
    kept = page.locator("[data-writing-unchosen]")
    expect(kept).to_be_visible()
    expect(kept.locator("[data-unchosen-text]")).to_have_text(JOURNAL)


@pytest.mark.parametrize(
    ("button", "kept"),
    [
        ("保留本页的", JOURNAL),
        ("两份接在一起", f"{JOURNAL}\n\n在手机上写的。"),
    ],
)
def test_what_is_chosen_of_two_texts_is_saved(
    page: Page, server: Any, button: str, kept: str
) -> None:
    open_page(page)
    server.save("在手机上写的。")
    write(page)
    page.clock.run_for(3_500)
    page.get_by_role("button", name=button).click()
    wait_until_saved(page)
    assert server.fields["text"].replace("\r\n", "\n") == kept


def test_a_lost_session_is_found_again_without_leaving(page: Page, server: Any) -> None:
    open_page(page)
    server.person = None
    write(page)
    page.clock.run_for(3_500)
    dialog = page.get_by_role("dialog", name="请重新登录")
    expect(dialog).to_be_visible()
    dialog.get_by_label("用户名").fill("ouyang")
    dialog.get_by_label("密码").fill("wrong")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog.get_by_role("alert")).to_have_text("用户名或密码不对。")
    dialog.get_by_label("密码").fill("right")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()
    wait_until_saved(page)
    assert server.fields["text"] == JOURNAL


def test_a_token_that_ran_out_is_renewed_without_asking(
    page: Page, server: Any
) -> None:
    open_page(page)
    server.token = "token-9"
    write(page)
    wait_until_saved(page)
    expect(page.locator("dialog")).to_be_hidden()


def test_somebody_else_who_logs_in_gets_an_empty_page(page: Page, server: Any) -> None:
    open_page(page)
    server.person = None
    write(page)
    page.clock.run_for(3_500)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("用户名").fill("zhou")
    dialog.get_by_label("密码").fill("right")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator("[data-writing-problem]")).to_contain_text("另一位老师")
    assert text_of(page) == ""
    assert JOURNAL not in page.locator("main").inner_text()
    assert server.fields == {}
    assert len(local_copies(page)) == 1


def test_handing_in_leads_on_and_the_receipt_is_shown(page: Page, server: Any) -> None:
    open_page(page)
    write(page)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done")
    expect(page.get_by_text("回执号 0812")).to_be_visible()
    assert server.handed_in["key-1"]["text"] == JOURNAL
    assert server.handed_in["key-1"]["go"] == "hand-in"
    assert local_copies(page) == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("offline", "网络不通"),
        (500, "服务器一时没有应答"),
        (502, "服务器一时没有应答"),
        (413, "附件太大"),
    ],
)
def test_a_hand_in_that_fails_keeps_page_text_and_key(
    page: Page, server: Any, failure: str | int, words: str
) -> None:
    open_page(page)
    write(page)
    if failure == "offline":
        page.route("**/hand-in", lambda route: route.abort())
    else:
        server.status = failure
    page.get_by_role("button", name="提交").click()
    expect(page.locator("[data-writing-problem]")).to_contain_text(words)
    assert text_of(page) == JOURNAL
    page.unroute("**/hand-in")
    server.status = 200
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done")
    assert list(server.handed_in) == ["key-1"]
    assert set(server.tries) == {"key-1"}


def test_a_session_lost_at_the_hand_in_costs_one_more_click(
    page: Page, server: Any
) -> None:
    open_page(page)
    write(page)
    server.person = None
    page.get_by_role("button", name="提交").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("用户名").fill("ouyang")
    dialog.get_by_label("密码").fill("right")
    dialog.get_by_role("button", name="登录", exact=True).click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done")
    assert server.handed_in["key-1"]["text"] == JOURNAL


def test_what_is_wrong_stands_beside_its_field_and_files_are_sent_once(
    page: Page, server: Any
) -> None:
    open_page(page)
    page.get_by_label("正文").fill(JOURNAL)
    page.get_by_label("附件").set_input_files(
        {"name": "板书.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".form-errors")).to_be_focused()
    expect(page.get_by_label("题目")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("题目")).to_have_accessible_description("请写题目。")
    assert text_of(page) == JOURNAL
    expect(page.get_by_role("link", name="板书.txt")).to_be_visible()
    page.get_by_label("题目").fill("有了")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done")
    assert [name for name in server.files if name] == ["板书.txt"]


def test_a_problem_that_no_field_has_is_shown_too(page: Page, server: Any) -> None:
    open_page(page)
    write(page)
    server.problem = "这一周已经关闭。"
    page.get_by_role("button", name="提交").click()
    problem = page.locator("main .notice-danger", has_text="这一周已经关闭。")
    expect(problem).to_be_focused()
    assert text_of(page) == JOURNAL


def test_a_hand_in_from_an_older_page_shows_both_texts(page: Page, server: Any) -> None:
    open_page(page)
    write(page)
    server.save("在手机上写的。")
    page.get_by_role("button", name="提交").click()
    panel = page.locator("[data-writing-stale]")
    expect(panel.locator("[data-mine]")).to_have_text(JOURNAL)
    expect(panel.locator("[data-theirs]")).to_have_text("在手机上写的。")
    assert server.handed_in == {}


def test_saving_by_hand_stays_on_the_page(page: Page, server: Any) -> None:
    open_page(page)
    write(page)
    page.get_by_role("button", name="存为草稿").click()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert text_of(page) == JOURNAL
    assert local_copies(page) == []
    expect(page.locator("[data-writing-restore]")).to_be_hidden()


def test_without_scripts_the_form_is_a_form(browser: Any, server: Any) -> None:
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/write")
    write(page)
    page.get_by_role("button", name="提交").click()
    page.wait_for_url("**/done")
    assert server.handed_in["key-1"]["text"] == JOURNAL
    context.close()
