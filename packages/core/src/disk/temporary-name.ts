import type { Random } from '../random/random.ts'

/** How the names of files and folders begin that exist only while something is made. */
export const temporaryPrefix = '.exprsn-tmp-'

/** A name that nobody else uses: 128 random bits behind the prefix. */
export function temporaryName(random: Random, prefix: string = temporaryPrefix): string {
  return prefix + Buffer.from(random.bytes(16)).toString('hex')
}
