"""What a person does with the chat page, in the words of the person."""

from playwright.sync_api import Locator, Page, expect

ANSWER_SECONDS = 60  # on a machine that is busy with other tests
ASKED_AGAIN = 30


class Visitor:
    """Somebody at the page; every step waits until the page shows that it is done."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        expect(page.locator("#chooser")).to_be_visible()

    def be(self, name: str) -> None:
        """Choose who to be, and wait until the chat that opens by itself is there."""
        if not self.page.locator("#chooser").is_visible():
            self.page.locator("#me").click()
        self.page.locator(".person", has_text=name).click()
        expect(self.page.locator("#me")).to_contain_text(name)
        expect(self.page.locator("#flow[aria-busy='true']")).to_have_count(0, timeout=ANSWER_SECONDS * 1000)

    def enter(self, title: str) -> None:
        """Open a chat by its title."""
        self.page.locator(".room", has_text=title).first.click()
        expect(self.page.locator("#talk-head")).to_contain_text(title)
        expect(self.page.locator("#flow[aria-busy='false']")).to_be_visible(timeout=ANSWER_SECONDS * 1000)

    def say(self, text: str) -> None:
        """Type and press Enter."""
        before = self.page.locator(".row.mine").count()
        self.page.locator("#text").fill(text)
        self.page.locator("#text").press("Enter")
        expect(self.page.locator(".row.mine")).to_have_count(before + 1)

    def ask(self, text: str, *, answer: str) -> Locator:
        """Say something and wait for an answer of the bot, below it, that contains these words."""
        self.say(text)
        return self.hear(answer)

    def hear(self, answer: str) -> Locator:
        """Wait for the newest word of the bot that contains this, after my own last word."""
        found = self.page.locator(f".row.mine ~ .row[data-author='bot']:has-text('{answer}')").last
        expect(found).to_be_visible(timeout=ANSWER_SECONDS * 1000)
        return found

    def ask_until(self, text: str, *, answer: str) -> None:
        """Ask again until an answer contains this: what the bot must read first comes a second later."""
        replies = self.page.locator(".row[data-author='bot']")
        for _ in range(ASKED_AGAIN):
            before = replies.count()
            self.say(text)
            expect(replies.nth(before)).to_be_visible(timeout=ANSWER_SECONDS * 1000)
            if answer in replies.nth(before).inner_text():
                return
        raise AssertionError(replies.last.inner_text())

    def bot_says(self, words: str) -> None:
        """Wait until the page says this of the bot."""
        expect(self.page.locator("#bot-words")).to_contain_text(words, timeout=ANSWER_SECONDS * 1000)

    def move_clock(self, label: str) -> None:
        """Press a button under the clock, and wait until the hands have stopped."""
        self.page.locator("#moves button", has_text=label).click()
        expect(self.page.locator("#moves.busy")).to_have_count(0, timeout=ANSWER_SECONDS * 1000)
