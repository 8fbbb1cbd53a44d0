"""Screenshots of every page at desktop and phone width, light and dark. ``python site/shots.py SITE OUT``."""

import argparse
import shutil
from pathlib import Path

from build import PAGES
from playwright.sync_api import ViewportSize, sync_playwright

WIDTHS: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path, help="folder that build.py wrote")
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("--pages", nargs="*", help="pages to take (default: all, and the first of each kind of record)")
    options = parser.parse_args()
    site: Path = options.site.resolve()
    folders = [sorted(folder.glob("*.html")) for folder in sorted(site.iterdir()) if folder.is_dir()]
    records = [files[0].relative_to(site).as_posix() for files in folders if files]
    pages = options.pages or [*(name for name, _ in PAGES), *records]
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=shutil.which("chromium"))
        for width, viewport in WIDTHS.items():
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport=viewport, color_scheme=scheme)
                page = context.new_page()
                for name in pages:
                    page.goto(f"{site.as_uri()}/{name}")
                    page.wait_for_load_state("networkidle")
                    file = options.out / f"{name.split('?')[0].replace('.html', '').replace('/', '-')}-{width}-{scheme}.png"
                    page.screenshot(path=file, full_page=True)
                context.close()
        browser.close()
    print(f"{4 * len(pages)} pictures in {options.out}")


if __name__ == "__main__":
    main()
