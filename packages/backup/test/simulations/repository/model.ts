import { randomBelow, randomFraction, type Random } from '@exprsn/core'

/** Files of a backup: two folders of text files. */
export type Files = ReadonlyMap<string, string>

/** The folders of every backup. */
export const folders = ['one', 'two']
const pool = 30

/** Files made from a small pool of contents, so that blobs are shared, come and go. */
export function randomFiles(random: Random, previous: Files | undefined): Files {
  const files = new Map<string, string>()
  for (const folder of folders) {
    const kept = previous !== undefined && randomFraction(random) < 0.5
    if (kept) for (const [path, text] of previous) if (path.startsWith(`${folder}/`)) files.set(path, text)
    if (kept) continue
    const count = 1 + randomBelow(random, 4)
    for (let index = 0; index < count; index++) files.set(`${folder}/${index}`, content(randomBelow(random, pool)))
  }
  return files
}

/** Contents of 100 to 700 bytes; every third one cannot be compressed. */
function content(number: number): string {
  const length = 100 + ((number * 97) % 600)
  let state = number + 1
  const next = (): string => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return String.fromCharCode(32 + ((state >>> 16) % 90))
  }
  return number % 3 === 0 ? Array.from({ length }, next).join('') : `content ${number} `.repeat(length / 10)
}

/** The files of one folder, by their names in it. */
export function filesOf(files: Files, folder: string): [string, string][] {
  return [...files]
    .filter(([path]) => path.startsWith(`${folder}/`))
    .map(([path, text]) => [path.slice(folder.length + 1), text])
}
