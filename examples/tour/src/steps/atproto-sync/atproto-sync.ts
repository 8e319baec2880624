import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sqliteDatabase, type Database } from '@exprsn/core/database'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { createAccount, type Account } from './account.ts'
import { startNetwork } from './network.ts'

/** Two accounts and 3,000 records into a table of the host's, by a process that is killed twice on the way. */
export const atprotoSync: Step = {
  name: 'atproto-sync',
  title: 'AT Protocol: 3,000 records of two accounts into the host’s table, the process killed twice on the way',
  run: synchronise,
}

const perAccount = 1_500
const perCommit = 100
const killedAt = [400, 1_700] as const
const expectedRecords = 2 * (perAccount - perAccount / perCommit)

async function synchronise(context: StepContext): Promise<StepOutcome> {
  const { defer, folder, progress, realPds, say, signal } = context
  const network = await startNetwork(realPds)
  defer(() => network.close())
  say(`${realPds ? 'the official server' : 'a server in memory'} on ${network.url}`)
  const accounts = [await createAccount(network, 'alice'), await createAccount(network, 'bob')]
  const path = join(folder, 'notes.db')
  const database = sqliteDatabase({ path })
  defer(() => database.close())

  let child = startProcess(path, network.url, network.plcUrl)
  defer(async () => child.kill('SIGKILL'))
  const bar = progress('syncing', 'records')
  const startedAt = performance.now()
  let writing = true
  const writes = write(accounts, signal).finally(() => (writing = false))
  let kills = 0
  for (let copied = 0; writing || copied !== expectedRecords; await wait(10)) {
    signal.throwIfAborted()
    if (performance.now() - startedAt > 60_000) break
    copied = await count(database)
    bar.update(copied, expectedRecords)
    if (child.exitCode !== null) throw new Error(`The process that syncs ended with ${child.exitCode}.`)
    if (kills === killedAt.length || copied < killedAt[kills]!) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    kills++
    child = startProcess(path, network.url, network.plcUrl)
  }
  await writes
  const seconds = (performance.now() - startedAt) / 1_000
  bar.end(`${expectedRecords.toLocaleString('en')} records`)
  return judge(database, accounts, kills, seconds)
}

/** The records are written while they are read; of every hundred one is edited and one deleted. */
async function write(accounts: readonly Account[], signal: AbortSignal): Promise<void> {
  for (let first = 0; first < perAccount; first += perCommit) {
    for (const account of accounts) {
      signal.throwIfAborted()
      await account.create(first, perCommit)
      await account.change(first + 1, first + 2)
    }
  }
}

function startProcess(...words: readonly string[]): ChildProcess {
  return fork(join(import.meta.dirname, 'sync-process.ts'), words, { execArgv: ['--conditions=@exprsn/source'] })
}

async function count(database: Database): Promise<number> {
  const tables = await database.query("select 1 from sqlite_master where name = 'note'")
  if (tables.rows.length === 0) return 0
  return (await database.query<{ n: number }>('select count(*) as n from note')).rows[0]!.n
}

async function judge(
  database: Database,
  accounts: readonly Account[],
  kills: number,
  seconds: number,
): Promise<StepOutcome> {
  const deadline = performance.now() + 5_000
  for (;;) {
    const { rows } = await database.query<{ uri: string; cid: string }>('select uri, cid from note')
    const copied = new Map(rows.map(({ uri, cid }) => [uri, cid]))
    const listed = new Map((await Promise.all(accounts.map((account) => account.list()))).flatMap((all) => [...all]))
    const different =
      [...listed].filter(([uri, cid]) => copied.get(uri) !== cid).length + Math.max(0, copied.size - listed.size)
    if (different === 0 && kills === killedAt.length) {
      return {
        facts: [
          { label: 'records on the server and in the table', value: `${listed.size} and ${copied.size}` },
          { label: 'records that differ', value: `${different}` },
          { label: 'processes killed', value: `${kills}` },
          { label: 'written and synced in', value: `${seconds.toFixed(1)} s` },
        ],
      }
    }
    // An edit that came last may still be on its way.
    if (performance.now() > deadline) throw new Error(`${different} of ${listed.size} records differ, ${kills} kills.`)
    await wait(50)
  }
}
