// Tencent's Node SDK for AI bots behind a pipe: the same lines as wecom_aibot_client.py.
import { createInterface } from 'node:readline'
import { WSClient } from '@wecom/aibot-node-sdk'

const EVENTS = [
  'authenticated', 'disconnected', 'error', 'message.text', 'message.image', 'message.mixed', 'message.voice',
  'message.file', 'event.enter_chat', 'event.template_card_event', 'event.feedback_event',
  'event.disconnected_event',
]
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error }
const plain = (_, value) =>
  value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value instanceof Error ? String(value) : value
const tell = (line) => process.stdout.write(JSON.stringify(line, plain) + '\n')
const bytes = (value) => (value?.base64 === undefined ? value : Buffer.from(value.base64, 'base64'))

const client = new WSClient({
  botId: process.env.VENDOR_BOT_ID,
  secret: process.env.VENDOR_SECRET,
  wsUrl: process.env.VENDOR_WS_URL,
  heartbeatInterval: 200,
  reconnectInterval: 50,
  logger: quiet,
})
for (const name of EVENTS) client.on(name, (frame) => tell({ heard: name, with: frame ?? null }))
client.connect()

createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const order = JSON.parse(line)
    try {
      const result = await client[order.do](...order.with.map(bytes))
      tell({ done: order.number, result: result ?? null })
    } catch (error) {
      tell({ done: order.number, failed: error?.errmsg ? `${error.errcode} ${error.errmsg}` : String(error) })
    }
  })
  .on('close', () => process.exit(0))
