import { describe, expect, it } from 'vitest'
import type { PackageMeasures } from './measure-package.ts'
import { report } from './report.ts'

const good: PackageMeasures = {
  name: '@exprsn/core',
  files: 40,
  lines: { median: 50, p90: 120, max: 300 },
  importCycles: [],
  testToCode: 1.7,
  coldImport: { milliseconds: 5.04, from: 'dist' },
  directDependencies: 1,
  tarball: 60.4,
  rootTypes: 20,
  idle: { rss: 800, timers: 0, handles: 0 },
}

function row(text: string, label: string): string {
  return text
    .split('\n')
    .find((line) => line.startsWith(label))!
    .replace(/\s+/g, ' ')
}

describe('report', () => {
  it('prints figures beside their targets without a mark while all is well', () => {
    const text = report([good])
    expect(row(text, 'cold import')).toBe('cold import, ms 5.0 core ≤ 10, others ≤ 40')
    expect(text.split('\n').slice(0, -1).join('\n')).not.toContain('!')
    expect(text).toContain('cold import and idle cost from dist,')
  })

  it.each([
    ['lines per file, median', { lines: { ...good.lines, median: 81 } }, '81!'],
    ['lines per file, p90', { lines: { ...good.lines, p90: 251 } }, '251!'],
    ['lines per file, max', { lines: { ...good.lines, max: 501 } }, '501!'],
    ['run-time import cycles', { importCycles: [['a.ts', 'b.ts']] }, '1!'],
    ['test : code lines', { testToCode: 1.49 }, '1.49!'],
    ['cold import', { coldImport: { milliseconds: 11, from: 'dist' } }, '11.0!'],
    ['direct dependencies', { directDependencies: 7 }, '7!'],
    ['root d.ts', { rootTypes: 151 }, '151.0!'],
    ['idle timers', { idle: { rss: 0, timers: 1, handles: 0 } }, '1!'],
    ['idle handles', { idle: { rss: 0, timers: 0, handles: 2 } }, '2!'],
  ] as const)('marks %s outside its target', (label, change, marked) => {
    expect(row(report([{ ...good, ...change }]), label)).toContain(` ${marked}`)
  })

  it('allows the packages above core a slower import', () => {
    const logs: PackageMeasures = { ...good, name: '@exprsn/logs', coldImport: { milliseconds: 39, from: 'dist' } }
    expect(row(report([logs]), 'cold import')).not.toContain('!')
  })

  it('says what was not measured and which cycles there are', () => {
    const unbuilt: PackageMeasures = {
      ...good,
      importCycles: [['src/a.ts', 'src/b.ts']],
      coldImport: { milliseconds: 30, from: 'source' },
      tarball: undefined,
      rootTypes: undefined,
    }
    const text = report([unbuilt])
    expect(row(text, 'tarball')).toBe('tarball, kB –')
    expect(text).toContain('@exprsn/core from source (not built)')
    expect(text).toContain('cycle in @exprsn/core: src/a.ts → src/b.ts')
  })
})
