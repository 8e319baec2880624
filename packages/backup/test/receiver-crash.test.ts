import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createWalReceiver, emitMarker, scanWal } from '@exprsn/backup'
import { exists, readFile, systemDisk } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { majors, startSource, startWriter, value, type Source } from './source.ts'

const child = fileURLToPath(new URL('receiver-child.ts', import.meta.url))

describe.each(majors)('a WAL receiver killed in the middle, PostgreSQL %i', (major) => {
  it('is resumed without a gap, and its segments equal those of the source', { timeout: 120_000 }, async () => {
    await using source = await startSource(major, { wal_keep_size: '1GB', max_wal_size: '1GB' })
    const { sql, connector, folder, server } = source
    await sql.query('create table events (id bigserial primary key, at timestamptz not null, payload text not null)')
    const wal = join(folder, 'wal')
    const writer = startWriter(connector)
    for (let kill = 0; kill < 3; kill++) {
      const acknowledged = await receiveAndKill(source, wal, 250 + kill * 100)
      expect(await slotPosition(source)).toBeLessThanOrEqual(acknowledged)
      await sql.query("insert into events (at, payload) select now(), repeat('x', 1000) from generate_series(1, 20000)")
    }
    await writer.stop()
    await using receiver = createWalReceiver({ connector, slot: 'crash', into: wal })
    await receiver.start()
    await sql.query('select pg_switch_wal()')
    await receiver.waitFor(await emitMarker(sql), { timeout: '30s' })
    await receiver.stop()

    const { ranges, gaps } = await scanWal({ folder: wal })
    expect(gaps).toEqual([])
    expect(ranges).toHaveLength(1)
    expect(ranges[0]!.segments.length).toBeGreaterThan(3)
    let compared = 0
    for (const { name } of ranges[0]!.segments) {
      const original = join(server.dataFolder, 'pg_wal', name)
      if (!(await exists(systemDisk, original))) continue
      expect(Buffer.compare(await readFile(systemDisk, original), await readFile(systemDisk, join(wal, name)))).toBe(0)
      compared++
    }
    expect(compared).toBeGreaterThan(3)
  })
})

/** Returns how far the log was durable at most when the process died. */
async function receiveAndKill({ server }: Source, into: string, milliseconds: number): Promise<bigint> {
  const settings = JSON.stringify({ connection: server.connection, slot: 'crash', into })
  const receiver = spawn(process.execPath, ['--conditions=@exprsn/source', child, settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(receiver, 'exit')
  let output = ''
  receiver.stdout.on('data', (data) => (output += data))
  await once(receiver.stdout, 'data')
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  receiver.kill('SIGKILL')
  await exited
  expect(output).toContain('streaming')
  // What it acknowledged after its last line is bounded by what it has stored: the scan below checks that.
  const { ranges } = await scanWal({ folder: into })
  const last = ranges.at(-1)
  return last === undefined ? 0n : last.end + (last.partial === undefined ? 0n : 1n << 24n)
}

async function slotPosition({ sql }: Source): Promise<bigint> {
  const lsn = await value(sql, "select (restart_lsn - '0/0')::text from pg_replication_slots where slot_name = 'crash'")
  return BigInt(String(lsn))
}
