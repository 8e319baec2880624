import { createClient } from '@exprsn/core/client'
import { sqliteDatabase } from '@exprsn/core/database'
import { createPublisher, passwordAccount } from '@exprsn/atproto/publish'
import { illustrated } from './illustrated.ts'
import type { Items } from './stage.ts'

// A process that publishes until everything is there, or until it is killed.
const [path, service, did] = process.argv.slice(2) as [string, string, string]
const client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
const database = sqliteDatabase({ path })
const account = passwordAccount({ did, service, password: 'password', client })
const publisher = createPublisher<Items>({ database, account, mappings: { notes: illustrated }, lease: '1s' })
publisher.start()
process.stdout.write('started\n')
const timer = setInterval(() => {
  void publisher.counts().then(({ pending }) => {
    if (pending > 0) return
    clearInterval(timer)
    process.stdout.write('done\n')
    void publisher.close().then(async () => {
      await client.close()
      await database.close()
    })
  })
}, 20)
