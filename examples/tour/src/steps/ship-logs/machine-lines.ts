import { closeSync, openSync, readdirSync, readSync } from 'node:fs'

/** Of each file, so that one huge log does not make the step slow. */
const mostBytes = 2 ** 20

/** Real lines: what this machine has written to its own logs, as far as we may read them. */
export function machineLines(folder = '/var/log'): string[] {
  const lines = filesBelow(folder, 2).flatMap((path) => beginningOf(path).split('\n').slice(0, -1))
  const readable = lines.filter((line) => line.length > 0 && line.length < 4_000 && !line.includes('\0'))
  // A bare container keeps no logs: the program itself is text as well.
  return readable.length > 100 ? readable : JSON.stringify(process.report.getReport(), null, 1).split('\n')
}

function filesBelow(folder: string, depth: number): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) return depth > 0 ? filesBelow(path, depth - 1) : []
      return entry.isFile() && !/\.(?:gz|xz|zst|journal)$|tmp$|wtmp|lastlog/.test(entry.name) ? [path] : []
    })
  } catch {
    return []
  }
}

function beginningOf(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(mostBytes)
      return bytes.subarray(0, readSync(file, bytes)).toString()
    } finally {
      closeSync(file)
    }
  } catch {
    return ''
  }
}
