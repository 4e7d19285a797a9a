// Keeps the latest reading of each device in the KV bucket iot_devices and every reading in the object store
// iot_history, and posts an alert when it is hotter than 30 degrees.
//
//   nexdev devrun examples/telemetry.js --trigger_subject='telemetry.*'
//   nexdev req telemetry.hall '{"deviceId":"d1","temperature":21}'
//   nexdev req telemetry.hall '{"deviceId":"d1","temperature":35}'
//
// Something that takes the alerts, in another terminal:
//
//   node -e "require('http').createServer((q, r) => q.on('end', () => r.end('noted')).pipe(process.stdout)).listen(8089)"

const ALERT_URL = 'http://127.0.0.1:8089/alerts';
const ALERT_ABOVE = 30;

// A real node has no TextEncoder, nor a TextDecoder.
function toBytes(text) {
  return Uint8Array.from(unescape(encodeURIComponent(text)), (c) => c.charCodeAt(0));
}

function toText(bytes) {
  return decodeURIComponent(escape(String.fromCharCode(...bytes)));
}

// Throws, like every host service, a string when nobody can be reached; a lost alert must not lose the reading.
function alert(reading) {
  try {
    const { status, response = '' } = http.post(ALERT_URL, toBytes(JSON.stringify(reading)));
    return { status, length: response.length };
  } catch (reason) {
    console.warn('no alert sent:', reason);
    return null;
  }
}

(subject, payload) => {
  const { deviceId: device = 'unknown', temperature } = JSON.parse(toText(payload));
  const time = Date.now();

  this.kv('iot_devices').set(device, payload);
  this.objectStore('iot_history').put(`${device}-${time}.json`, payload);
  const isHot = temperature > ALERT_ABOVE;

  return {
    ok: true,
    subject,
    device,
    temperature,
    kv_bucket: 'iot_devices',
    object_bucket: 'iot_history',
    http_alert: isHot ? alert({ device, temperature, time, subject }) : null,
  };
};
