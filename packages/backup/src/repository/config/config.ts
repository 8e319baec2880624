import type { Random } from '@exprsn/core'
import { repositoryErrors } from '../errors.ts'
import { isIrreducible, randomPolynomial } from './polynomial.ts'

/** What holds for a whole repository, in its object `config`. */
export interface RepositoryConfig {
  readonly version: 1 | 2
  /** 64 hexadecimal digits. */
  readonly id: string
  /** Restic's chunker polynomial, in bits. */
  readonly chunkerPolynomial: bigint
}

/** The configuration of a new repository. */
export function createConfig(random: Random): RepositoryConfig {
  return { version: 2, id: Buffer.from(random.bytes(32)).toString('hex'), chunkerPolynomial: randomPolynomial(random) }
}

/** Its JSON, in restic's words. */
export function encodeConfig({ version, id, chunkerPolynomial }: RepositoryConfig): Uint8Array {
  return Buffer.from(JSON.stringify({ version, id, chunker_polynomial: chunkerPolynomial.toString(16) }))
}

/**
 * Reads a configuration.
 *
 * @throws `BACKUP_REPOSITORY_VERSION` for a format of the future, `BACKUP_OBJECT_CORRUPT` for anything else.
 */
export function decodeConfig(bytes: Uint8Array): RepositoryConfig {
  const corrupt = (reason: string) => repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: 'config', reason })
  const row = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>
  const { version, id, chunker_polynomial: polynomial } = row
  if (version !== 1 && version !== 2) throw repositoryErrors.BACKUP_REPOSITORY_VERSION({ version })
  if (typeof id !== 'string') throw corrupt('it has no id')
  if (typeof polynomial !== 'string' || !/^[0-9a-f]{1,16}$/.test(polynomial)) throw corrupt('it has no polynomial')
  const chunkerPolynomial = BigInt(`0x${polynomial}`)
  if (!isIrreducible(chunkerPolynomial)) throw corrupt('its polynomial is not irreducible')
  return { version, id, chunkerPolynomial }
}
