import { join } from 'node:path'
import { createWalReceiver, scanWal } from '@exprsn/backup'
import { randomBelow } from '@exprsn/core'
import { SeededRandom, type SimulationResult } from '@exprsn/core/testing'
import { readWal } from '../../../src/wal/read-wal.ts'
import { transactionEnd } from '../../../src/wal/record-meaning.ts'
import { majors, startSource, value } from '../../source.ts'

/** Kills a primary whose commits wait for us, and looks for each acknowledged one. */
export async function runStandby(seed: number): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const major = majors[randomBelow(random, majors.length)]!
  const writers = 1 + randomBelow(random, 4)
  const commits = 5 + randomBelow(random, 150)
  const signal = randomBelow(random, 3) === 0 ? 'SIGQUIT' : 'SIGKILL'
  await using source = await startSource(major)
  const { sql, connector, server, folder } = source
  await sql.query('create table events (id int, filler text)')
  const into = join(folder, 'wal')
  const receiver = createWalReceiver({ connector, slot: 'standby', into })
  await receiver.start()
  try {
    await sql.query("alter system set synchronous_standby_names = 'exprsn'")
    await sql.query('select pg_reload_conf()')
    while ((await value(sql, 'select max(sync_state) from pg_stat_replication')) !== 'sync');

    const acknowledged = new Set<number>()
    let reached = (): void => {}
    const enough = new Promise<void>((resolve) => (reached = resolve))
    const writing = Array.from({ length: writers }, async () => {
      await using writer = await connector.sql()
      const size = 1 + randomBelow(random, 20_000)
      for (;;) {
        const insert = `insert into events values (1, repeat('x', ${size})) returning xmin::text as xid`
        acknowledged.add(Number((await writer.query(insert)).rows[0]?.['xid']))
        if (acknowledged.size >= commits) reached()
      }
    })
    const ended = Promise.allSettled(writing)
    await enough
    server.kill(signal)
    await ended
    await receiver.stop()

    const stored = new Set<number>()
    const scan = await scanWal({ folder: into })
    const [range] = scan.ranges
    const onRecord = (record: Parameters<typeof transactionEnd>[0]): void => {
      const end = transactionEnd(record)
      if (end?.kind === 'commit') stored.add(end.transactionId)
    }
    await readWal({ folder: into, scan, timeline: 1, from: range!.start, onRecord })
    const lost = [...acknowledged].filter((xid) => !stored.has(xid))
    const text = `${lost.length} of ${acknowledged.size} acknowledged commits of PostgreSQL ${major} are not in the WAL: ${lost.slice(0, 5).join()}`
    return { faults: { [`kill/${signal}`]: 1 }, violations: lost.length === 0 ? [] : [text] }
  } finally {
    await receiver.stop()
  }
}
