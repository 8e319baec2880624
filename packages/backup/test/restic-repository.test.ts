import { systemRandom } from '@exprsn/core'
import { folderStore, type ObjectStore } from '@exprsn/core/storage'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeTree, encodeTree, openRepository, type Repository } from '../src/repository/index.ts'
import { backupOnce, readBack } from './simulations/repository/backup-once.ts'
import type { Files } from './simulations/repository/model.ts'
import { runSeed } from './simulations/repository/run-seed.ts'
import { repositoryWithKey } from '../src/repository/assemble-repository.ts'
import { encodeConfig } from '../src/repository/config/config.ts'
import { sealPlain } from '../src/seal/index.ts'
import { restic, resticMissing } from './restic.ts'

const scrypt = { N: 1_024, r: 8, p: 1 }
let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-restic-'))
  path = join(folder, 'repository')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const create = (): Promise<Repository> =>
  openRepository({ store: folderStore({ path }), password: 'secret', create: 'new', scrypt, packSize: 50_000 })
const openIt = (): Promise<Repository> => openRepository({ store: folderStore({ path }), password: 'secret' })
const clean = (): void => expect(restic(path, ['check', '--read-data'])).toContain('no errors were found')

function filesOf(version: number): Files {
  const noise = (size: number, seed: number): string =>
    Array.from({ length: size / 64 }, (_, index) => createHash('sha256').update(`${seed}/${index}`).digest('hex')).join(
      '',
    )
  return new Map([
    ['one/changed', `version ${version} `.repeat(2_000)],
    ['one/same', noise(40_960, 1)],
    ['two/noise', noise(81_920, version % 2)],
    ['two/empty', ''],
  ])
}

/** Files by path and hash: a difference is shown in lines that one can read. */
function digests(files: Files): string[] {
  return [...files].map(([file, text]) => `${file} ${createHash('sha256').update(text).digest('hex')}`).sort()
}

async function backups(repository: Repository, count: number): Promise<Map<string, Files>> {
  const known = new Map<string, Files>()
  for (let version = 0; version < count; version++) {
    known.set(String(version), filesOf(version))
    await backupOnce(repository, String(version), filesOf(version), known)
  }
  return known
}

describe.skipIf(resticMissing !== undefined)(
  `a repository of ours, read by restic (${resticMissing ?? 'found'})`,
  () => {
    it('is clean and restores to the same bytes', async () => {
      const repository = await create()
      const known = await backups(repository, 2)
      clean()
      for (const { id, tags } of await repository.snapshots()) {
        const target = join(folder, tags[0]!)
        restic(path, ['restore', id, '--target', target])
        for (const [file, text] of known.get(tags[0]!)!)
          expect(readFileSync(join(target, file), 'utf8') === text, file).toBe(true)
      }
    })

    it('stays clean after our forget and prune, and restic finds nothing left to free', async () => {
      const repository = await create()
      const known = await backups(repository, 4)
      const [first, second] = await repository.snapshots()
      await repository.forget([first!.id, second!.id])
      const { removed } = await repository.prune({ maxUnused: 0 })
      expect(removed.length).toBeGreaterThan(0)
      clean()
      expect(restic(path, ['prune', '--dry-run', '--max-unused', '0'])).toMatch(/total prune: +0 blobs/)
      for (const { id, tags } of await repository.snapshots())
        expect(digests(await readBack(await openIt(), id))).toEqual(digests(known.get(tags[0]!)!))
    })

    it('can be backed up to and pruned by restic, and read by us after', async () => {
      const repository = await create()
      const known = await backups(repository, 2)
      const source = join(folder, 'source')
      mkdirSync(source)
      writeFileSync(join(source, 'file'), 'from restic')
      restic(path, ['backup', source])
      const [first] = await repository.snapshots()
      restic(path, ['forget', first!.id, '--prune'])
      clean()
      const again = await openIt()
      const rest = (await again.snapshots()).filter(({ tags }) => tags.length > 0)
      expect(rest).toHaveLength(1)
      expect(digests(await readBack(again, rest[0]!.id))).toEqual(digests(known.get('1')!))
      const parts: Uint8Array[] = []
      for await (const part of again.open('latest', join(source, 'file'))) parts.push(part)
      expect(Buffer.concat(parts).toString()).toBe('from restic')
    })

    it('opens with a password that either program added', async () => {
      const repository = await create()
      await repository.addKey('second', { cost: scrypt })
      expect(restic(path, ['snapshots'], 'second')).toBeDefined()
      writeFileSync(join(folder, 'third'), 'third\n')
      restic(path, ['key', 'add', '--new-password-file', join(folder, 'third')])
      await using third = await openRepository({ store: folderStore({ path }), password: 'third' })
      expect((await third.keys()).map(({ current }) => current).filter(Boolean)).toHaveLength(1)
      expect(await third.keys()).toHaveLength(3)
    })

    it('makes restic wait while we sweep, and waits while restic has a lock', async () => {
      const repository = await create()
      await backups(repository, 2)
      const session = await repository.begin()
      expect(() => restic(path, ['prune'])).toThrow(/locked/)
      await session.end()
      expect(restic(path, ['prune'])).toContain('done')
    })

    it('passes restic check after storms of crashes', { timeout: 60_000 }, async () => {
      for (const seed of [3, 11, 42]) {
        const { store, secrets, violations } = await runSeed(seed)
        expect(violations).toEqual([])
        const target = join(folder, String(seed))
        const copy = await copyTo(store, target)
        const repository = repositoryWithKey(secrets, { store: folderStore({ path: target }) })
        await repository.addKey('secret', { cost: scrypt })
        await copy.put('config', sealPlain(secrets.master, encodeConfig(secrets.config), systemRandom))
        expect(restic(target, ['check', '--read-data'])).toContain('no errors were found')
      }
    })
  },
)

async function copyTo(store: ObjectStore, target: string): Promise<ObjectStore> {
  const copy = folderStore({ path: target, durable: false })
  for await (const { key } of store.list()) await copy.put(key, await (await store.get(key)).bytes())
  return copy
}

describe.skipIf(resticMissing !== undefined)(
  `a repository of restic's, read by us (${resticMissing ?? 'found'})`,
  () => {
    it('has trees that we encode to the same bytes, and content that we read', async () => {
      const source = join(folder, 'source')
      makeNastyTree(source)
      restic(path, ['init'])
      restic(path, ['backup', source])
      const repository = await openIt()
      const [snapshot] = await repository.snapshots()
      expect(snapshot!.paths).toEqual([source])
      let trees = 0
      const walk = async (id: string): Promise<void> => {
        trees++
        const bytes = await repository.reader.read('tree', id)
        const nodes = decodeTree(bytes)
        expect(Buffer.from(encodeTree(nodes)).toString()).toBe(Buffer.from(bytes).toString())
        for (const { subtree } of nodes) if (subtree !== undefined) await walk(subtree)
      }
      await walk(snapshot!.tree)
      expect(trees).toBeGreaterThan(3)
      const parts: Uint8Array[] = []
      for await (const part of repository.open(snapshot!.id, join(source, 'file'))) parts.push(part)
      expect(Buffer.concat(parts).equals(readFileSync(join(source, 'file')))).toBe(true)
    })

    it('of format version 1 is read and written', async () => {
      restic(path, ['init', '--repository-version', '1'])
      const repository = await openIt()
      expect(repository.version).toBe(1)
      const known = await backups(repository, 2)
      clean()
      const latest = await repository.snapshot('latest')
      expect(digests(await readBack(repository, latest.id))).toEqual(digests(known.get('1')!))
      await repository.forget([(await repository.snapshots())[0]!.id])
      await repository.prune({ maxUnused: 0 })
      clean()
    })
  },
)

/** Names and metadata of the kinds that have broken backup programs. */
function makeNastyTree(source: string): void {
  mkdirSync(join(source, 'folder <&> "quoted"'), { recursive: true })
  writeFileSync(join(source, 'file'), Buffer.alloc(300_000, 'content'))
  linkSync(join(source, 'file'), join(source, 'hard link'))
  symlinkSync('nowhere', join(source, 'symlink'))
  writeFileSync(Buffer.concat([Buffer.from(`${source}/bytes `), Buffer.of(0xff, 0xfe, 0x41)]), 'x')
  for (const name of ['tab\tname', 'u\u2028v', 'äöü😀', 'del\u007f', 'back\\slash', "it's", ' ', 'line\nfeed'])
    writeFileSync(join(source, name), name)
  chmodSync(join(source, 'file'), 0o4751)
  writeFileSync(join(source, 'old'), '')
  utimesSync(join(source, 'old'), new Date('1969-05-05T01:02:03.125Z'), new Date('1969-05-05T01:02:03.125Z'))
  mkdirSync(join(source, 'sticky'))
  chmodSync(join(source, 'sticky'), 0o1777)
}
