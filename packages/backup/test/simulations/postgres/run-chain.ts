import { join } from 'node:path'
import {
  createBackup,
  openRepository,
  waitForRecovery,
  type BlobReader,
  type Repository,
  type SqlClient,
} from '@exprsn/backup'
import { postgresConnector, postgresSource } from '@exprsn/backup/drivers/postgres'
import { startPostgres } from '@exprsn/backup/server'
import { randomBelow, randomItem } from '@exprsn/core'
import { systemDisk } from '@exprsn/core/disk'
import { SeededRandom, type SimulationResult } from '@exprsn/core/testing'
import { folderStore } from '@exprsn/core/storage'
import { cheapScrypt } from '../../sample-repository.ts'
import { majors, startSource, value } from '../../source.ts'

/** What may happen to a cluster between two backups, by what it does to files: any of them, in any order, any number of times. */
const changes: Readonly<Record<string, readonly string[]>> = {
  update: ["update orders set note = md5(note || 'u') where id % 20 = 0"],
  delete: ['delete from orders where id % 3 = 1', 'vacuum orders'],
  insert: ["insert into orders (note) select md5('more' || n) from generate_series(1, 3000) n"],
  'vacuum-full': ['vacuum full orders'],
  truncate: ['truncate far', 'insert into far select generate_series(1, 20000)'],
  ddl: [
    'drop table if exists fresh',
    'create table fresh as select n as id, md5(n::text) as note from generate_series(1, 5000) n',
    'create index on fresh (id)',
    'alter table orders add column if not exists extra int default 7',
  ],
  tablespace: ['alter table orders set tablespace elsewhere', 'alter table far set tablespace pg_default'],
  back: [
    'alter table orders set tablespace pg_default',
    'alter table far set tablespace elsewhere',
    'reindex table orders',
  ],
  database: ['drop database if exists other', 'create database other'],
  nothing: [],
}

/** What {@link runChain} counts. */
export const chainFaults: readonly string[] = Object.keys(changes).map((name) => `change/${name}`)

const longest = 7

/** Takes one full backup and up to seven incremental ones of a cluster that changes, and restores the last. */
export async function runChain(seed: number): Promise<SimulationResult> {
  await using chain = await takeChain(seed)
  return { faults: chain.faults, violations: [...chain.violations, ...(await chain.restored())] }
}

/** A chain of backups of a running cluster. */
export interface Chain {
  readonly faults: Readonly<Record<string, number>>
  readonly violations: readonly string[]
  /** Restores the last backup, through a reader that may be made worse on purpose; says what is wrong with what came out. */
  restored(sabotage?: (reader: BlobReader) => BlobReader): Promise<string[]>
  [Symbol.asyncDispose](): Promise<void>
}

/** Takes one full backup and up to seven incremental ones of a cluster that changes. */
export async function takeChain(seed: number, least = 1): Promise<Chain> {
  await using made = new AsyncDisposableStack()
  const random = new SeededRandom(seed)
  const major = randomItem(
    random,
    majors.filter((each) => each >= 17),
  )
  const length = Math.max(least, 1 + randomBelow(random, longest))
  const source = made.use(await startSource(major, { summarize_wal: 'on' }))
  const { sql, folder, server, connector } = source
  const space = join(folder, 'space')
  await systemDisk.makeFolder(space)
  const owner = await systemDisk.stat(server.dataFolder)
  await systemDisk.setOwner(space, owner.userId, owner.groupId)
  for (const statement of [
    `create tablespace elsewhere location '${space}'`,
    'create table orders (id serial primary key, note text)',
    'create table far (id int) tablespace elsewhere',
    'insert into orders (note) select md5(n::text) from generate_series(1, 20000) n',
  ])
    await sql.query(statement)
  const store = folderStore({ path: join(folder, 'repository') })
  const repository = await openRepository({ store, password: 'secret', create: 'if-missing', scrypt: cheapScrypt })
  const engine = (opened: Repository, cache: string) =>
    createBackup({
      repository: Promise.resolve(opened),
      cacheFolder: join(folder, cache),
      sources: { db: postgresSource({ connector, longestChain: longest }) },
    })
  const backup = made.use(engine(repository, 'cache'))
  const faults: Record<string, number> = {}
  let last = await backup.run('db')
  const full = last.bytes
  const history: string[] = []
  const violations: string[] = []
  for (let round = 0; round < length; round++) {
    const names = Array.from({ length: 1 + randomBelow(random, 3) }, () => randomItem(random, Object.keys(changes)))
    for (const name of names) {
      faults[`change/${name}`] = (faults[`change/${name}`] ?? 0) + 1
      for (const statement of changes[name]!) await sql.query(statement)
    }
    history.push(names.join('+'))
    last = await backup.run('db')
    if (last.bytes > full) violations.push(`backup ${round + 1} is no incremental one`)
  }
  const expected = await contents(sql)
  const chain = `PostgreSQL ${major}, ${history.join(', ')}`
  const named = (text: string): string => `${chain}: ${text}`
  let restores = 0
  const kept = made.move()
  return {
    faults,
    violations: violations.map(named),
    async restored(sabotage = (reader) => reader) {
      const name = `restored-${restores++}`
      await using restoring = engine({ ...repository, reader: sabotage(repository.reader) }, `${name}-cache`)
      const into = join(folder, name)
      const { cluster } = await restoring.restore('db', { from: last.id, into, durable: false, owner })
      const { installation } = server
      await using copy = await startPostgres({ dataFolder: cluster!.dataFolder, installation, disposable: true })
      await using sqlThere = await postgresConnector(copy.connection).sql()
      await waitForRecovery(sqlThere, { timeout: '120s' })
      return (await damages(sqlThere, expected)).map(named)
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function damages(restored: SqlClient, expected: string): Promise<string[]> {
  const found: string[] = []
  if ((await contents(restored)) !== expected) found.push('the tables are others')
  await restored.query('create extension amcheck')
  await restored.query(`select bt_index_check(c.oid, true) from pg_class c join pg_am a on a.oid = relam
    where amname = 'btree' and relkind = 'i' and relpersistence = 'p'`)
  const { rows } = await restored.query(`select r.* from pg_class c, lateral verify_heapam(c.oid) r
    where relkind in ('r', 't', 'm') and relam = 2 and relpersistence = 'p'`)
  if (rows.length > 0) found.push(`amcheck finds ${rows.length} damages`)
  return found
}

async function contents(sql: SqlClient): Promise<string> {
  const found: unknown[] = []
  for (const table of ['orders', 'far', 'fresh']) {
    if ((await value(sql, `select to_regclass('${table}')::text`)) === null) continue
    found.push(
      await value(sql, `select count(*) || md5(coalesce(string_agg(t::text, ',' order by id), '')) from ${table} t`),
    )
  }
  found.push(await value(sql, "select string_agg(datname, ',' order by datname) from pg_database"))
  return found.join(' ')
}
