import { sqliteDatabase } from '@exprsn/core/database'
import { sessionsOn } from './sessions-on.ts'

/** One of ten processes that need the same session at the same moment: when it is told to, it calls the account's host. */
const [path, url, plcUrl, did] = process.argv.slice(2) as [string, string, string, string]
const database = sqliteDatabase({ path })
const { sessions, grants } = sessionsOn(database, { url, plcUrl })
await sessions.list()
process.once('message', () => void answer())
process.send!('ready')

async function answer(): Promise<void> {
  const { status, body } = await sessions
    .account(did)
    .call('com.atproto.server.getSession', {})
    .catch((error: Error) => ({ status: 0, body: { message: error.message } }))
  process.send!({ status, body: JSON.stringify(body), grants }, () => process.disconnect())
}
