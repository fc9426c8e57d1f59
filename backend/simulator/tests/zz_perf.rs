#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]
mod support;
use duplex_simulator::*;
use futures_util::StreamExt as _;
use support::{Receiver, start};
#[tokio::test(flavor = "multi_thread")]
async fn perf() {
    let folder = tempfile::tempdir().unwrap();
    let (simulator, admin) = start(SimulatorConfig { data_dir: Some(folder.path().into()), ..SimulatorConfig::default() }).await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_direct(&NewDirectAccount { callback_url: Some(receiver.url.clone()), ..Default::default() }).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let n = 10_000;
    let t = std::time::Instant::now();
    let url = format!("{}/v25.0/{}/messages", simulator.base_url(), account.phone_number_id);
    futures_util::stream::iter(0..n).for_each_concurrent(64, |i| {
        let body = serde_json::json!({ "messaging_product": "whatsapp", "to": format!("+1555{i:07}"), "type": "text", "biz_opaque_callback_data": format!("gw:{i}"), "text": { "body": "x" } });
        let r = client.post(&url).bearer_auth(&account.access_token).json(&body);
        async move { assert_eq!(r.send().await.unwrap().status(), 200); }
    }).await;
    let sent = t.elapsed();
    let mut got = 0; let mut hooks = 0;
    while got < 3 * n { let h = receiver.next().await; hooks += 1; got += h.json()["entry"][0]["changes"].as_array().unwrap().len(); }
    println!("{n} accepted in {sent:?}, all statuses after {:?} in {hooks} hooks", t.elapsed());
    let s = std::time::Instant::now();
    simulator.stop().await;
    println!("stop {:?}", s.elapsed());
    let s = std::time::Instant::now();
    let (simulator, admin) = start(SimulatorConfig { data_dir: Some(folder.path().into()), ..SimulatorConfig::default() }).await;
    println!("restart {:?} {:?}", s.elapsed(), admin.summary().await.unwrap().totals);
    simulator.stop().await;
}
