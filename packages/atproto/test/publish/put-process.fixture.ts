import { createClient } from '@exprsn/core/client'
import { sqliteDatabase } from '@exprsn/core/database'
import { createPublisher, passwordAccount } from '@exprsn/atproto/publish'
import { notes, type Items } from './stage.ts'

// A process that writes one item again and again while it publishes, and ends when everything is there.
const [path, service, did, name, body, times] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
]
const client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
const database = sqliteDatabase({ path })
const account = passwordAccount({ did, service, password: 'password', client })
const publisher = createPublisher<Items>({
  database,
  account,
  mappings: { notes: notes({ version: ({ version }) => `${name}${version}` }) },
})
publisher.start()
for (let turn = 1; turn < Number(times); turn++)
  await publisher.put('notes', { id: 'a', version: turn, body: turn % 6 === 1 ? `${body} ${name}${turn}` : body })
await publisher.put('notes', { id: 'a', version: 0, body })
while ((await publisher.counts()).pending > 0) await new Promise((resolve) => setTimeout(resolve, 20))
await publisher.close()
await client.close()
await database.close()
