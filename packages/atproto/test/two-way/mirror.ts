import { setTimeout as wait } from 'node:timers/promises'
import { migrate, type Database, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { SeededRandom } from '@exprsn/core/testing'
import { randomBelow } from '@exprsn/core'
import { FakeHost } from '@exprsn/atproto/testing'
import { createTwoWay, type TwoWay } from '@exprsn/atproto/two-way'
import { expect } from 'vitest'
import { textOf } from '../../src/testing/text-of.ts'
import { directAccount } from './direct-account.ts'
import { directSource } from './direct-source.ts'
import { collection, noteMapping, notesIn, type Items, type Note } from './stage.ts'

/** What was counted, for each account. */
export interface Mirrored {
  /** All commits. */
  readonly commits: readonly number[]
  readonly conflicts: readonly number[]
  /** Commits of others: changes that began there. */
  readonly byOthers: readonly number[]
}

/**
 * Two accounts that are mapped to each other through one table of the host: what changes on one of three sides comes to the two
 * others. Counts what is written: each change must be written once to each other side, and nothing must come back.
 */
export async function mirror(database: Database, naming: MigrationNaming, events: number): Promise<Mirrored> {
  const hosts = [new FakeHost(), new FakeHost()] as const
  const dids = hosts.map((host, index) => host.createAccount({ handle: `account${index}.test` }).did)
  const table = naming.schema === undefined ? 'note' : `${naming.schema}.note`
  const tell = async (note: Note, tx: Queryable) => {
    for (const twoWay of twoWays) await twoWay.put('notes', note, { tx })
  }
  const twoWays: TwoWay<Items>[] = hosts.map((host, index) =>
    createTwoWay<Items>({
      database,
      account: directAccount(host, dids[index]!),
      source: directSource(host),
      mappings: {
        notes: {
          mapping: noteMapping({ policies: { twoWay: 'newest' } }),
          local: {
            ...notesIn(table, tell),
            async remove(id, { tx }) {
              await tx.query(`delete from ${table} where id = $1`, [id])
              for (const twoWay of twoWays) await twoWay.remove('notes', id, { tx })
            },
          },
        },
      },
      publish: { budget: [] },
      sync: { resolveSigningKey: async (did) => host.plc.get(did)!.signingKey, batch: 1 },
      ...naming,
    }),
  )
  await migrate(database, twoWays[0]!.migrations, naming)
  await database.query(`create table ${table} (id varchar(80) primary key, title text, body text)`)
  for (const twoWay of twoWays) twoWay.start()

  const random = new SeededRandom('mirror')
  const ids = Array.from({ length: 250 }, (_, index) => `n${index}`)
  /** Commits that are not ours. */
  const written = [0, 0]
  const before = hosts.map((host) => host.events.last)
  let changes = 0
  try {
    while (changes < events) {
      // A round changes every note at most once: then no two sides are in each other's way, and every write can be counted.
      const round = ids.filter(() => randomBelow(random, 3) > 0).slice(0, events - changes)
      for (const id of round) {
        const side = randomBelow(random, 3)
        const note = { id, title: `t${changes++}`, body: `b${randomBelow(random, 1_000)}` }
        if (side === 2) {
          await database.transaction(async (tx) => {
            await notesIn(table, tell).save(note, { tx, did: '' })
          })
          continue
        }
        const { repo } = hosts[side]!.accounts.get(dids[side]!)!
        const known = [...repo.records].find(([, { value }]) => value.id === id)
        if (known !== undefined && randomBelow(random, 12) === 0)
          hosts[side]!.write(dids[side]!, [{ action: 'delete', path: known[0] }])
        else if (known === undefined)
          hosts[side]!.write(dids[side]!, [{ action: 'create', path: `${collection}/r${changes}`, value: { ...note } }])
        else
          hosts[side]!.write(dids[side]!, [{ action: 'update', path: known[0], value: { ...known[1].value, ...note } }])
        written[side]!++
      }
      await agree(database, table, hosts, dids)
    }
    await Promise.all(twoWays.map((twoWay) => twoWay.close()))
    // Whatever was still on its way comes now.
    const commits = hosts.map((host, index) => host.events.last - before[index]!)
    const conflicts = await Promise.all(twoWays.map((twoWay) => twoWay.countConflicts()))
    return { commits, conflicts, byOthers: written }
  } finally {
    await Promise.all(twoWays.map((twoWay) => twoWay.close()))
  }
}

/** Waits until all three sides say the same. */
async function agree(
  database: Database,
  table: string,
  hosts: readonly FakeHost[],
  dids: readonly string[],
): Promise<void> {
  const deadline = performance.now() + 120_000
  for (;;) {
    const { rows } = await database.query<{ id: string; title: string; body: string }>(
      `select id, title, body from ${table}`,
    )
    const sides = [
      rows.map(({ id, title, body }) => `${id} ${title} ${body}`),
      ...hosts.map((host, index) =>
        [...host.accounts.get(dids[index]!)!.repo.records.values()].map(
          ({ value: { id, title, body } }) => `${textOf(id)} ${textOf(title)} ${textOf(body)}`,
        ),
      ),
    ].map((side) => side.sort().join('\n'))
    if (new Set(sides).size === 1) return
    if (performance.now() > deadline) expect(sides).toEqual([sides[0], sides[0], sides[0]])
    await wait(40)
  }
}
