// Apps with a browser inside, by what they call themselves, and the addresses that lead out of them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { inApp } from "../src/apps";
import { handOver } from "../src/handover";

const ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

test("apps are known by their words", () => {
  for (const agent of [
    `${ANDROID} Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/520.0.0.0;]`,
    `${ANDROID.replace("Pixel 8", "Pixel 8; wv")} Version/4.0 Chrome/141.0.0.0 Mobile Safari/537.36`,
    `${IPHONE} Mobile/22F76 Instagram 389.0.0.0`,
    `${IPHONE} Mobile/22F76`,
    `${IPHONE} Version/18.5 Mobile/22F76 Safari/604.1 Line/15.9.0`,
    `${ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.60`,
  ])
    assert.ok(inApp(agent), agent);
});

test("the browsers of phones and computers are none", () => {
  for (const agent of [
    `${ANDROID} Chrome/141.0.0.0 Mobile Safari/537.36`,
    `${ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    `${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`,
    `${IPHONE} CriOS/141.0.0.0 Mobile/15E148 Safari/604.1`,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Online/1 Safari/537.36",
  ])
    assert.ok(!inApp(agent), agent);
});

test("the ways out keep the link's secret", () => {
  const link = "https://clinic.example/v?lang=ar#TOKEN";
  assert.equal(handOver(link, "ios"), "x-safari-https://clinic.example/v?lang=ar#TOKEN");
  const android = handOver(link, "android");
  assert.ok(android.startsWith("intent://clinic.example/v?lang=ar#TOKEN#Intent;scheme=https;"));
  assert.ok(android.includes(`S.browser_fallback_url=${encodeURIComponent(link)};end`));
});
