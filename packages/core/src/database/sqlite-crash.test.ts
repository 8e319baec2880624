import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { sqliteDatabase } from './sqlite-database.ts'

/** Writes groups of three rows, one group per transaction, and prints a group's number once it is committed. */
const writer = (path: string): string => `
  import { sqliteDatabase } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
  const database = sqliteDatabase({ path: ${JSON.stringify(path)} })
  await database.query('create table if not exists parts (part bigint, of_group bigint)')
  const { rows } = await database.query('select coalesce(max(of_group), 0) as last from parts')
  for (let group = rows[0].last + 1; ; group++) {
    await database.transaction(async (tx) => {
      for (const part of [1, 2, 3]) {
        await tx.query('insert into parts values ($1, $2)', [part, group])
        await new Promise((resolve) => setImmediate(resolve))
      }
      process.stdout.write('open ' + group + '\\n')
      if (group % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    })
    process.stdout.write('committed ' + group + '\\n')
  }`

/** Kills the writer right after its n-th line and gives the last group that it said was committed. */
async function killAfter(path: string, lines: number): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=@exprsn/source', '--input-type=module', '-e', writer(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let committed = 0
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, group] = line.split(' ')
    if (word === 'committed') committed = Number(group)
    if (++seen === lines) child.kill('SIGKILL')
  }
  const [, signal] = await exited
  expect(signal).toBe('SIGKILL')
  return committed
}

describe('a process that is killed while it writes', () => {
  it('leaves every committed transaction and nothing of an open one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'exprsn-crash-'))
    const path = join(folder, 'app.db')
    try {
      // Odd: right after a transaction said that it is still open; even: right after one was committed.
      for (const lines of [1, 2, 13, 27, 40]) {
        const committed = await killAfter(path, lines)
        await using database = sqliteDatabase({ path })
        const groups = await database.query(
          'select of_group, count(*) as n from parts group by of_group order by of_group',
        )
        expect(groups.rows.length).toBeGreaterThanOrEqual(committed)
        expect(groups.rows).toEqual(groups.rows.map((__, index) => ({ of_group: index + 1, n: 3 })))
        expect((await database.query('pragma integrity_check')).rows).toEqual([{ integrity_check: 'ok' }])
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
