import { createClient } from '@exprsn/core/client'
import { sqliteDatabase } from '@exprsn/core/database'
import { createLoginBudget, passwordAccount } from '@exprsn/atproto/publish'

/** One of ten processes that lose their session again and again, as those that restart in a loop do. */
const [path, service, did, times] = process.argv.slice(2) as [string, string, string, string]
const database = sqliteDatabase({ path })
const client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
const logins = createLoginBudget({ database })
const results: string[] = []
process.once('message', () => void restart())
process.send!('ready')

async function restart(): Promise<void> {
  for (let turn = 0; turn < Number(times); turn++) {
    const account = passwordAccount({ did, service, password: 'password', client, logins })
    const result = await account.call('com.atproto.server.getSession', {}).then(
      ({ status }) => String(status),
      (error: { readonly code?: string }) => String(error.code),
    )
    results.push(result)
  }
  await client.close()
  await database.close()
  process.send!(results, () => process.disconnect())
}
