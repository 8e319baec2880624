import { makeTemporaryFolder, readFile, removeTree, systemDisk } from '@exprsn/core/disk'
import { execFileSync } from 'node:child_process'
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Repository } from '../src/repository/index.ts'
import { sqliteSource } from '../src/sources/index.ts'
import { restic, resticMissing } from './restic.ts'
import { backUp, openTestRepository, restore } from './run-source.ts'

let folder: string
let path: string
let repository: Repository
let database: DatabaseSync
beforeEach(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  path = `${folder}/accounts.sqlite`
  await systemDisk.makeFolder(`${folder}/temporary`)
  repository = await openTestRepository(`${folder}/repository`)
  database = new DatabaseSync(path)
})
afterEach(async () => {
  database.close()
  await repository.close()
  await removeTree(systemDisk, folder)
})

const source = (from = path) => sqliteSource({ path: from, temporaryFolder: `${folder}/temporary` })

/** Accounts between which money moves: every consistent copy has the same sum. */
function fill(journal: 'wal' | 'delete', accounts = 4_000): void {
  database.exec(`pragma journal_mode = ${journal}; create table account (id integer primary key, money int, note blob)`)
  database.exec('begin')
  const insert = database.prepare('insert into account values (?, 100, randomblob(1000))')
  for (let id = 0; id < accounts; id++) insert.run(id)
  database.exec('commit')
}

function factsOf(file: string) {
  const copy = new DatabaseSync(file, { readOnly: true })
  try {
    return {
      ...copy.prepare('select count(*) as accounts, sum(money) as money from account').get(),
      ...copy.prepare('pragma integrity_check').get(),
    }
  } finally {
    copy.close()
  }
}

describe('sqliteSource', () => {
  it.each(['wal', 'delete'] as const)('copies a database in %s mode that is written meanwhile', async (journal) => {
    fill(journal)
    database.exec('pragma busy_timeout = 0')
    let moved = 0
    const timer = setInterval(() => {
      try {
        database.exec(`begin immediate; update account set money = money - 1, note = randomblob(1000) where id % 40 = 0;
          update account set money = money + 1 where id % 40 = 1; commit`)
        moved++
      } catch {
        if (database.isTransaction) database.exec('rollback')
      }
    }, 5)
    const { snapshot, files } = await backUp(repository, source()).finally(() => clearInterval(timer))
    expect(moved).toBeGreaterThan(0)
    expect(files).toBe(1)
    const into = `${folder}/back`
    const { problems } = await restore(repository, source(), { snapshot, into })
    expect(problems).toEqual([])
    expect(readdirSync(into)).toEqual(['accounts.sqlite'])
    expect(factsOf(`${into}/accounts.sqlite`)).toEqual({ accounts: 4_000, money: 400_000, integrity_check: 'ok' })
    expect(readdirSync(`${folder}/temporary`)).toEqual([])
  })

  it('holds what was committed, also what only the log holds, and nothing else', async () => {
    fill('wal', 3)
    database.exec('begin; delete from account')
    const { snapshot } = await backUp(repository, source())
    database.exec('rollback')
    await restore(repository, source(), { snapshot, into: `${folder}/back` })
    expect(factsOf(`${folder}/back/accounts.sqlite`)).toMatchObject({ accounts: 3 })
  })

  it('leaves the locks of this process in place', async () => {
    fill('delete', 3)
    database.exec('begin; update account set money = 0')
    await backUp(repository, source())
    // Within a process SQLite knows its own locks: only another process sees whether the system's are still there.
    const program = `import { DatabaseSync } from 'node:sqlite'
      try { new DatabaseSync(process.argv[1]).exec('begin immediate'); console.log('free') } catch (e) { console.log(e.message) }`
    const parameters = ['--no-warnings', '--input-type=module', '--eval', program, '--', path]
    expect(execFileSync(process.execPath, parameters, { encoding: 'utf8' })).toContain('locked')
    database.exec('rollback')
  })

  it('stores only chunks with changed pages', async () => {
    fill('wal')
    const first = await backUp(repository, source())
    const second = await backUp(repository, source())
    expect(second.tree).toBe(first.tree)
    database.exec('update account set money = 7 where id = 2000; pragma wal_checkpoint(truncate)')
    const third = await backUp(repository, source())
    expect(third.tree).not.toBe(first.tree)
    const idsOf = async (tree: string) => new Set((await repository.reader.readTree(tree))[0]!.content)
    const before = await idsOf(first.tree)
    const changed = [...(await idsOf(third.tree))].filter((id) => !before.has(id))
    expect(changed.length).toBeGreaterThan(0)
    expect(changed.length).toBeLessThanOrEqual(3)
  })

  it('follows a link, and keeps the mode and the name', async () => {
    fill('wal', 3)
    await systemDisk.setMode(path, 0o640)
    symlinkSync('accounts.sqlite', `${folder}/current.sqlite`)
    const { snapshot } = await backUp(repository, source(`${folder}/current.sqlite`))
    await restore(repository, source(), { snapshot, into: `${folder}/back` })
    expect((await systemDisk.stat(`${folder}/back/current.sqlite`)).mode).toBe(0o640)
    expect(factsOf(`${folder}/back/current.sqlite`)).toMatchObject({ accounts: 3 })
  })

  it('says what cannot be copied, and leaves no copy behind', async () => {
    writeFileSync(`${folder}/text`, 'This is no database. '.repeat(100))
    await expect(backUp(repository, source(`${folder}/text`))).rejects.toMatchObject({
      code: 'BACKUP_SQLITE_UNREADABLE',
      details: { reason: 'file is not a database' },
    })
    await expect(backUp(repository, source(folder))).rejects.toMatchObject({ code: 'BACKUP_SQLITE_UNREADABLE' })
    await expect(backUp(repository, source(`${folder}/none`))).rejects.toMatchObject({ code: 'BACKUP_SQLITE_MISSING' })
    expect(readdirSync(`${folder}/temporary`)).toEqual([])
    for (const wrong of ['', ':memory:', 'file:a.sqlite', 'a\0b'])
      expect(() => sqliteSource({ path: wrong })).toThrow(
        expect.objectContaining({ code: 'BACKUP_SQLITE_OPTION_INVALID' }),
      )
  })

  it('ends with its signal', async () => {
    fill('wal', 3)
    const controller = new AbortController()
    const run = backUp(repository, source(), { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 5)
    await expect(run).rejects.toThrow('enough')
    expect(readdirSync(`${folder}/temporary`)).toEqual([])
  })

  // Skipped where there is no restic to compare with.
  it.skipIf(resticMissing !== undefined)('is restored by restic', async () => {
    fill('wal')
    const { snapshot } = await backUp(repository, source())
    restic(`${folder}/repository`, ['restore', snapshot.id, '--target', `${folder}/by-restic`])
    await restore(repository, source(), { snapshot, into: `${folder}/back` })
    const [theirs, ours] = await Promise.all(
      ['by-restic', 'back'].map((name) => readFile(systemDisk, `${folder}/${name}/accounts.sqlite`)),
    )
    expect(Buffer.compare(theirs!, ours!)).toBe(0)
    expect(factsOf(`${folder}/by-restic/accounts.sqlite`)).toMatchObject({ accounts: 4_000, integrity_check: 'ok' })
  })
})
