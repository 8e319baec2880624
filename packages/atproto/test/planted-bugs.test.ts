import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plantedBugs } from './planted/planted-bugs.ts'

const source = join(import.meta.dirname, '../src')
const areas = ['codec', 'crypto', 'syntax', 'repo', 'identity']

// Copies of the sources, each with one check left out, are attacked in a process of their own.
describe('planted bugs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exprsn-planted-'))
  let through: Record<string, string[]>
  const names = Object.keys(plantedBugs)
  const folderOf = (index: number): string => join(folder, String(index))

  beforeAll(async () => {
    symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    for (const [index, name] of ['none', ...names].entries()) {
      for (const area of areas) {
        const isNeeded = (path: string): boolean => !path.endsWith('.test.ts')
        cpSync(join(source, area), join(folderOf(index), area), { recursive: true, filter: isNeeded })
      }
      mkdirSync(folderOf(index), { recursive: true })
      const bug = plantedBugs[name]
      if (bug === undefined) continue
      const path = join(folderOf(index), bug.file)
      const text = readFileSync(path, 'utf8')
      expect(text.split(bug.from), name).toHaveLength(2)
      writeFileSync(
        path,
        text.replace(bug.from, () => bug.to),
      )
    }
    const folders = ['none', ...names].map((_, index) => folderOf(index))
    const script = join(import.meta.dirname, 'planted/attacks.fixture.ts')
    const flags = ['--conditions=@exprsn/source', '--experimental-strip-types', '--no-warnings', script]
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...folders], { timeout: 100_000 })
    through = JSON.parse(stdout) as typeof through
  }, 120_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('let nothing through where there are none', () => {
    expect(through[folderOf(0)]).toEqual([])
  })

  it.each(names)('%s', (name) => {
    expect(through[folderOf(names.indexOf(name) + 1)]).not.toEqual([])
  })
})
