import { appendFileSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { basename, dirname, join } from 'node:path'

interface Found {
  readonly path: string
  readonly size: number
}

/**
 * What a day of work does to files: 2 % of them are appended to, something is inserted at the start of the ten biggest, 1 % are
 * renamed, and a folder moves. Each round changes others.
 */
export function editCorpus(folder: string, round: number): void {
  const files = filesBelow(folder)
  const chosen = (share: number, offset: number): Found[] =>
    files.filter((_file, index) => index % Math.round(1 / share) === (offset + round) % Math.round(1 / share))
  const biggest = files.toSorted((left, right) => right.size - left.size).slice(0, 10)
  for (const { path } of biggest) {
    const content = readFileSync(path)
    writeFileSync(path, Buffer.concat([Buffer.from(`inserted in round ${round}\n`), content]))
  }
  for (const { path } of chosen(0.02, 7)) appendFileSync(path, `edited in round ${round}\n`)
  for (const { path } of chosen(0.01, 31)) renameSync(path, `${path}.renamed-${round}`)
  const mover = biggestFolder(folder, files)
  renameSync(mover, join(dirname(mover), `${basename(mover).replace(/-moved-\d+$/, '')}-moved-${round}`))
  settle()
}

/** Removes every third file. */
export function thinOut(folder: string): void {
  for (const [index, { path }] of filesBelow(folder).entries()) if (index % 3 === 0) unlinkSync(path)
  settle()
}

/** Files with one name, in the order of their paths. */
function filesBelow(folder: string): Found[] {
  return pathsBelow(folder)
    .toSorted()
    .map((path) => ({ path, stat: statSync(path) }))
    .filter(({ stat }) => stat.nlink === 1)
    .map(({ path, stat }) => ({ path, size: stat.size }))
}

/** Level by level: Node's own recursion goes through links, of which one in `/usr/bin` leads to its own folder. */
function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return pathsBelow(path)
    return entry.isFile() ? [path] : []
  })
}

/** The folder with the most bytes of files directly in it. */
function biggestFolder(folder: string, files: readonly Found[]): string {
  const sizes = new Map<string, number>()
  for (const { path, size } of files) sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + size)
  sizes.delete(folder)
  return [...sizes].reduce((best, each) => (each[1] > best[1] ? each : best))[0]
}

/** To the disk, and long enough ago that no program takes a file for one that is still being written. */
function settle(): void {
  execFileSync('sync')
  execFileSync('sleep', ['3'])
}
