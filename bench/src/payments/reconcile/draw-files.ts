import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Two CSV files in an order of their own, of which one row in twenty has no equal partner by name: missing on either side,
 * three cents off, named only in the text, cut, charged twice. Gives their folder; it is kept for the next run.
 */
export function drawFiles(rows: number): string {
  const folder = fileURLToPath(new URL(`../../../../.artifacts/bench/reconcile-${rows}`, import.meta.url))
  if (existsSync(folder)) return folder
  let state = 12_345
  const below = (count: number): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % count
  }
  const name = (): string => Array.from({ length: 10 }, () => letters[below(32)]).join('')
  const ours: string[] = []
  const gateway: string[] = []
  for (let at = 0; at < rows; at++) {
    const order = `ORD-${String(at).padStart(8, '0')}`
    const key = `ch_${name()}`
    const cents = 500 + below(500_000)
    const date = `2026-10-${String(1 + Math.floor((at / rows) * 28)).padStart(2, '0')}`
    const text = (by: number): string => ((cents + by) / 100).toFixed(2)
    const lot = below(1_000)
    if (lot >= 10) ours.push(`${order},${lot >= 30 && lot < 40 ? '' : key},${text(0)},${date}\n`)
    const theirs = (named: string, by = 0, description = ''): void =>
      void gateway.push(`txn_${name()},${named},${text(by)},${date},${description}\n`)
    if (lot >= 20 && lot < 30) theirs(key, 3)
    else if (lot >= 30 && lot < 40) theirs(key, 0, `order ${order}`)
    else if (lot >= 40 && lot < 45) theirs(key.slice(0, 11))
    else if (lot < 10 || lot >= 20) theirs(key)
    if (lot >= 45 && lot < 50) theirs(key)
  }
  const begun = `${folder}.new`
  mkdirSync(begun, { recursive: true })
  write(join(begun, 'ours.csv'), 'order,charge,amount,date\n', shuffled(ours, below))
  write(join(begun, 'gateway.csv'), 'transaction,charge,amount,date,description\n', shuffled(gateway, below))
  renameSync(begun, folder)
  return folder
}

function shuffled(rows: string[], below: (count: number) => number): string[] {
  for (let at = rows.length - 1; at > 0; at--) {
    const other = below(at + 1)
    const row = rows[at]!
    rows[at] = rows[other]!
    rows[other] = row
  }
  return rows
}

function write(path: string, head: string, rows: readonly string[]): void {
  const file = openSync(path, 'w')
  writeSync(file, head)
  for (let at = 0; at < rows.length; at += 50_000) writeSync(file, rows.slice(at, at + 50_000).join(''))
  closeSync(file)
}
