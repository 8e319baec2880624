import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listPackages } from '../lib/packages.ts'
import { areaPackages, areasOf } from './areas.ts'
import { passedBefore } from './passed-before.ts'
import { trackedTextFiles, withLockfile } from './tracked-files.ts'

const packages = [
  { id: 'core', imports: [] },
  { id: 'geo', imports: ['core'] },
  { id: 'logs', imports: ['core'] },
]
const files = new Map([
  ['packages/core/src/a.ts', '1'],
  ['packages/geo/src/a.ts', '1'],
  ['packages/geo/README.md', '1'],
  ['packages/logs/package.json', '1'],
  ['scripts/x.mjs', '1'],
  ['pnpm-lock.yaml', '1'],
  ['docs/guide.md', '1'],
])

describe('areas', () => {
  it.each([
    ['packages/geo/src/a.ts', ['geo', 'rest']],
    ['packages/logs/package.json', ['logs', 'rest']],
    ['packages/logs/src/new.ts', ['logs', 'rest']],
    ['packages/core/src/a.ts', ['core', 'geo', 'logs', 'rest']],
    ['scripts/x.mjs', ['core', 'geo', 'logs', 'rest']],
    ['pnpm-lock.yaml', ['core', 'geo', 'logs', 'rest']],
    ['docs/guide.md', []],
    ['packages/geo/README.md', []],
  ])('a change of %s changes %j', (file, changed) => {
    const before = areasOf(files, packages)
    const after = areasOf(new Map([...files, [file, '2']]), packages)
    expect(after.filter(({ digest }, index) => digest !== before[index]!.digest).map(({ name }) => name)).toEqual(
      changed,
    )
  })

  it('a file that moves is a change, and one that goes', () => {
    const digest = (changed: ReadonlyMap<string, string>) => areasOf(changed, packages)[1]!.digest
    const { 'packages/geo/src/a.ts': text, ...others } = Object.fromEntries(files)
    const gone = new Map(Object.entries(others))
    const moved = new Map([...gone, ['packages/geo/src/b.ts', text!]])
    expect(new Set([digest(files), digest(gone), digest(moved)]).size).toBe(3)
  })

  it('hold each file of the repository, the lockfile too', async () => {
    const inputs = withLockfile(await trackedTextFiles())
    const areas = areasOf(inputs, areaPackages())
    const paths = areas.flatMap((area) => area.paths)
    expect(paths).toContain('pnpm-lock.yaml')
    const isHeld = (file: string): boolean => paths.some((path) => file === path || file.startsWith(`${path}/`))
    expect([...inputs.keys()].filter((file) => !isHeld(file))).toEqual([])
  })

  it('know that all packages import core, and that tests use servers which others provide', () => {
    const found = areaPackages()
    expect(found.map(({ id }) => id)).toEqual(listPackages().map(({ id }) => id))
    for (const { id, imports } of found) {
      expect(imports, id).not.toContain(id)
      if (id !== 'core') expect(imports, id).toContain('core')
      if (id !== 'backup') expect(imports, id).toContain('backup')
    }
  })
})

describe('what passed before', () => {
  let folder = ''
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'exprsn-passed-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is known to the next run as it was, and to none that is told to forget', () => {
    const file = join(folder, 'cache', 'passed.json')
    const first = passedBefore(file)
    expect(first.has('lint geo', 'a')).toBe(false)
    first.add('lint geo', 'a')
    first.add('lint logs', 'b')
    const second = passedBefore(file)
    expect([second.has('lint geo', 'a'), second.has('lint geo', 'b'), second.has('lint logs', 'b')]).toEqual([
      true,
      false,
      true,
    ])
    expect(passedBefore(file, { forget: true }).has('lint geo', 'a')).toBe(false)
  })

  it.each(['', '{"lint geo":', 'null'])('is nothing when its file holds %j', (text) => {
    const file = join(folder, 'broken.json')
    writeFileSync(file, text)
    expect(passedBefore(file).has('lint geo', 'a')).toBe(false)
  })
})
