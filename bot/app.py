"""The wiring, and nothing but wiring: from settings to a running house."""

import asyncio
import contextlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from secrets import token_hex
from typing import Any

import httpx
import structlog
from aiohttp import web

from bot.bridge import Clerk
from bot.clouds import app_config, configured, contacts_config, dingtalk_config, wecom_config
from bot.contacts import Contacts
from bot.hear import Ear
from bot.keeper import Keeper
from bot.meaning import Desk
from bot.media import MediaStore
from bot.metering import counting, hearing
from bot.photos import Photos
from bot.platforms.base import DirectoryReader, Health, Platform
from bot.platforms.dingtalk import DingTalk, DingTalkConfig
from bot.platforms.grouphook import GroupHook
from bot.platforms.http import new_client
from bot.platforms.wecom import WeCom, WeComConfig
from bot.platforms.wecom.app import AppDoor
from bot.platforms.wecom.app.api import Api
from bot.platforms.wecom.app.directory import Contacts as Directory
from bot.platforms.wecom.webhook import WebhookDoor
from bot.rules import Rules, clock_offset, furnish, keep_clock_offset, read_playbook
from bot.settings import Settings
from bot.ticks import Ticks
from bot.watch import Watch
from bot.web.callbacks import guarded
from bot.web.facts import facts
from bot.web.health import routes
from bot.webhooks import group_hooks
from commands.kit import Registry
from commands.kit.likely import likely_buttons
from commands.kit.offers import OFFERS
from domain.clock import SystemClock
from domain.ids import IdMaker
from domain.store import nodes, version
from domain.store.events import newest_id
from domain.store.office import Office, open_office
from notifier.budget import Budgets
from notifier.delivery import reach_of
from notifier.metering import Meter
from notifier.outbox import Dispatcher

log = structlog.get_logger()


class House:
    """One process: everything made, started and stopped in one readable order."""

    def __init__(
        self,
        settings: Settings,
        *,
        movable_clock: bool = False,
        clock: SystemClock | None = None,
        budgets: Budgets | None = None,
    ) -> None:
        self.settings = settings
        self.movable_clock = movable_clock
        self.node = f"{token_hex(4)}"
        self.clock = clock or SystemClock()
        self.budgets = budgets
        self.rules = Rules(
            playbook=read_playbook(settings.playbook),
            clock=self.clock,
            new_id=IdMaker(node=int(self.node, 16)),
        )
        self.office: Office | None = None
        self.platforms: dict[str, Platform] = {}
        self.keepers: dict[str, Keeper] = {}
        self.readers: dict[str, DirectoryReader] = {}
        self.watch = Watch(monotonic=self.clock.monotonic)
        self._exits = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Open the database, connect the platforms, listen."""
        await asyncio.to_thread(self._open_database)
        assert self.office is not None  # noqa: S101 (just opened)
        http = await self._exits.enter_async_context(new_client(proxy=self.settings.proxy.get_secret_value()))
        meter = Meter()
        http.event_hooks = {"response": [counting(meter)]}
        media = MediaStore(self.settings.data_dir / "media")
        photos = Photos()
        self._exits.push_async_callback(photos.close)
        clerk = Clerk(self.office)
        self.dispatcher = Dispatcher(
            write=clerk.write,
            write_later=clerk.write_later,
            mouths=self.platforms,
            clock=self.clock,
            node=self.node,
            budgets=self.budgets or Budgets.of_plant(self.rules.playbook),
            meter=meter,
        )
        desk = Desk(
            registry=Registry.discover("commands", choices=OFFERS, likely=likely_buttons),
            node=self.node,
            mouths=self.platforms.keys(),
            reaches=lambda key: key.startswith(reach_of(self.platforms)),
        )
        self.ear = Ear(
            clerk=clerk,
            desk=desk,
            dispatcher=self.dispatcher,
            photos=photos,
            media=media,
            platforms=self.platforms,
        )
        self._open_platforms(http, media, meter)
        self.contacts = Contacts(
            office=self.office,
            readers=self.readers,
            dispatcher=self.dispatcher,
            clock=self.clock,
            node=self.node,
        )
        self.ticks = Ticks(
            office=self.office, dispatcher=self.dispatcher, clock=self.clock, ids=self.rules.new_id
        )
        self.dispatcher.hush()
        await self.ticks.learn()
        await self._listen()
        self._run()

    def _open_database(self) -> None:
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        version.bring_up(self.settings.database)
        self.office = open_office(self.settings.database, self.rules.setting, node=self.node)
        self.rules.new_id.go_on_after(self.office.read(newest_id).result())
        self.office.read(partial(nodes.set_ids_by_database, ids=self.rules.new_id)).result()
        if self.movable_clock:
            self.clock.offset = max(self.clock.offset, self.office.read(clock_offset).result())
            self.office.write(partial(keep_clock_offset, offset=self.clock.offset)).result()
        furnish(
            self.office,
            folder=self.settings.playbook,
            playbook=self.rules.playbook,
            starting=True,
        )

    def _open_platforms(self, http: httpx.AsyncClient, media: MediaStore, meter: Meter) -> None:
        given = {
            "http": http,
            "hear": hearing(self.ear.hear, meter),
            "clock": self.clock,
            "node": self.node,
            "media_path": media.path,
        }
        wanted = configured(self.settings)
        if "dingtalk" in wanted:
            dingtalk = DingTalk(self._dingtalk(), **given)  # type: ignore[arg-type]
            self.platforms["dingtalk"], self.readers["dingtalk"] = dingtalk, dingtalk.contacts
        hooks = group_hooks(self.rules.playbook, platform="wecom")
        if "wecom" in wanted or hooks:
            self._open_wecom(wecom_config(self.settings), given, hooks=hooks)
        for name in ("dingtalk", "wecom"):
            log.info("platform.configured" if name in wanted else "platform.off", platform=name)

    def _dingtalk(self) -> DingTalkConfig:
        """Return what DingTalk's doors need of settings and playbook."""
        playbook = self.rules.playbook
        hooks = group_hooks(playbook, platform="dingtalk")
        return replace(dingtalk_config(self.settings), hooks=hooks, public_url=playbook.site.public_url or "")

    def _open_wecom(
        self, config: WeComConfig, given: Mapping[str, Any], *, hooks: Collection[GroupHook]
    ) -> None:
        """Open WeCom's doors on this node; its long connection, of which there may be one, has a lease."""
        app = app_config(self.settings)
        door = AppDoor(app, **given) if app.speaks or app.hears else None
        if door and app.speaks:
            self.readers["wecom"] = door.contacts
        elif by_ids := contacts_config(self.settings):
            api = Api(by_ids, http=given["http"], clock=self.clock)
            self.readers["wecom"] = Directory(api, ids=True)
        speaking = {name: given[name] for name in ("http", "clock", "media_path")}
        wecom = WeCom(
            config,
            app=door,
            hooks=WebhookDoor(hooks, api_url=config.api_url, **speaking) if hooks else None,
            opens=False,
            **given,
        )
        self.platforms[wecom.name] = wecom
        if config.connects:
            assert self.office is not None  # noqa: S101 (opened first)
            keeper = Keeper(wecom.name, make=wecom.connection, office=self.office, node=self.node)
            self.keepers[wecom.name] = keeper

    async def _listen(self) -> None:
        app = web.Application()
        app.add_routes(routes(healths=self.healths, facts=self.facts, troubles=self.troubles))
        for platform in self.platforms.values():
            app.add_routes(map(guarded, platform.routes()))
        if self.movable_clock:
            app.add_routes([web.post("/demo/clock", self._move_clock)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._exits.push_async_callback(runner.cleanup)
        site = web.TCPSite(runner, self.settings.http_host, self.settings.http_port)
        await site.start()
        self.http_port = runner.addresses[0][1]
        log.info("web.listening", host=self.settings.http_host, port=self.http_port)

    def _run(self) -> None:
        self.watch.keep("dispatcher", self.dispatcher.run)
        self.watch.keep("sweep", self.ear.sweep)
        for name, platform in self.platforms.items():
            self.watch.keep(name, platform.run)
        for keeper in self.keepers.values():
            self.watch.keep(f"{keeper.name} lease", keeper.run)
        self.watch.keep("contacts", self.contacts.run)
        self.ticks.start()

    async def stop(self) -> None:
        """Stop hearing, finish what is in hand, close everything."""
        self.watch.retire()
        self.ticks.stop()
        self.contacts.stop()
        await asyncio.gather(*(it.stop() for it in self.keepers.values()))
        await asyncio.gather(*(it.stop() for it in self.platforms.values()))
        await self.ear.stop()
        await self.dispatcher.stop()
        await self.watch.stop()
        await self._exits.aclose()
        if self.office is not None:
            await asyncio.to_thread(self.office.close)

    def healths(self) -> list[Health]:
        """Return how every platform is connected."""
        healths = {name: platform.health() for name, platform in self.platforms.items()}
        healths |= {name: keeper.seen(healths[name]) for name, keeper in self.keepers.items()}
        return list(healths.values())

    def troubles(self) -> list[str]:
        """Name the parts of this process that have died lately, and say how many timers cannot be fired."""
        failing = [f"timers: {self.ticks.failing}"] if self.ticks.failing else []
        return [*self.watch.troubles(), *failing]

    async def facts(self) -> dict[str, Any]:
        """Return the numbers of /healthz and /metrics."""
        assert self.office is not None  # noqa: S101 (started)
        return await asyncio.wrap_future(self.office.read(facts))

    async def _move_clock(self, request: web.Request) -> web.Response:
        """Move the demo's clock forward: the whole product follows it."""
        seconds = float((await request.json())["seconds"])
        self.clock.advance(timedelta(seconds=seconds))
        assert self.office is not None  # noqa: S101 (started)
        job = partial(keep_clock_offset, offset=self.clock.offset)
        await asyncio.wrap_future(self.office.write(job))
        await self.ticks.tick_safely()
        self.dispatcher.wake()
        return web.json_response({"now": self.clock.now().isoformat()})
