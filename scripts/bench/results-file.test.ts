import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { machine, saveResults, type MeasuredRow, type Results } from './results-file.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'exprsn-results-'))))
afterEach(() => rmSync(folder, { recursive: true }))

function results(...rows: readonly (readonly [name: string, ours: number])[]): Results {
  const full = rows.map(([name, ours]): MeasuredRow => ({
    ...{ name, ours, measure: 'wall', unit: 'ms', peer: null, peerName: null, versions: {} },
    ...{ ratio: null, target: 1, rounds: 9, noisy: false, ...machine() },
  }))
  return { package: 'sample', rows: full, notRun: [] }
}

function saved(path: string): (string | number)[][] {
  return (JSON.parse(readFileSync(join(folder, path), 'utf8')) as Results).rows.map(({ name, ours }) => [name, ours])
}

describe('saveResults', () => {
  it('writes thorough results where the documentation finds them', () => {
    const file = saveResults(results(['sample/a', 1]), { quick: false, partial: false, folder })
    expect(file).toBe(join(folder, 'bench/results/sample.json'))
    expect(saved('bench/results/sample.json')).toEqual([['sample/a', 1]])
  })

  it('keeps quick results apart', () => {
    saveResults(results(['sample/a', 1]), { quick: false, partial: false, folder })
    saveResults(results(['sample/a', 2]), { quick: true, partial: false, folder })
    expect(saved('bench/results/sample.json')).toEqual([['sample/a', 1]])
    expect(saved('.artifacts/bench/sample.json')).toEqual([['sample/a', 2]])
    rmSync(join(folder, 'bench'), { recursive: true })
    saveResults(results(['sample/a', 3]), { quick: true, partial: true, folder })
    expect(existsSync(join(folder, 'bench'))).toBe(false)
  })

  it('replaces only the rows that were measured when some were chosen', () => {
    saveResults(results(['sample/a', 1], ['sample/b', 1]), { quick: false, partial: false, folder })
    saveResults(results(['sample/b', 2]), { quick: false, partial: true, folder })
    expect(saved('bench/results/sample.json')).toEqual([
      ['sample/a', 1],
      ['sample/b', 2],
    ])
    saveResults(results(['sample/b', 3]), { quick: false, partial: false, folder })
    expect(saved('bench/results/sample.json')).toEqual([['sample/b', 3]])
  })

  it('names the machine', () => {
    expect(machine()).toEqual({ node: process.versions.node, cpu: expect.stringMatching(/ × \d+$/) })
  })
})
