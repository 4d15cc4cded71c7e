"""What the portal is for, done with a mouse and without any script."""

import csv

from playwright.sync_api import expect


def test_a_practitioner_finds_her_way_by_theme(page_without_script):
    page = page_without_script
    page.goto("/")
    page.get_by_role("link", name="Working with children").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Working with children")
    expect(page.locator("#lessons .listed")).to_have_count(6)
    page.locator("#practices .listed").get_by_role("link", name="ChamäLION").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ChamäLION")
    expect(page.locator(".provenance").first).to_contain_text("p. 9")
    here = page.get_by_role("navigation", name="You are here")
    here.get_by_role("link", name="Working with youth and families").click()
    page.get_by_role("navigation", name="Themes below").get_by_text("Working with families").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Working with families")


def test_a_researcher_filters_practices_by_country_and_takes_them_away(page_without_script):
    page = page_without_script
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Practices").click()
    page.get_by_role("complementary", name="Filters").get_by_text("Denmark").click()
    expect(page.locator(".sentence")).to_have_text("3 practices in Denmark")
    filters = page.get_by_role("complementary", name="Filters")
    filters.locator("summary", has_text="1 more").first.click()
    filters.get_by_text("Finland").click()
    expect(page.locator(".sentence")).to_have_text("4 practices in Denmark or Finland")
    page.get_by_role("link", name="Name, Z to A").click()
    page.wait_for_load_state()
    shown = page.locator(".listed-title").all_text_contents()
    if page.locator(".take summary").is_visible():
        page.locator(".take summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "practices.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == shown
    page.get_by_role("link", name="Remove Denmark").click()
    expect(page.locator(".sentence")).to_have_text("1 practice in Finland")
    page.get_by_role("link", name="Remove all").click()
    expect(page.locator(".sentence")).to_have_text("16 practices")
