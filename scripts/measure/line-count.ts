import { readFileSync } from 'node:fs'

/** Lines of a file, a last one without line break included. */
export function lineCount(file: string): number {
  const text = readFileSync(file, 'utf8')
  return text === '' ? 0 : text.replace(/\n$/, '').split('\n').length
}
