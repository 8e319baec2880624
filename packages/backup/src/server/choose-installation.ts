import { resolve } from 'node:path'
import type { Disk } from '@exprsn/core/disk'
import { serverErrors } from './errors.ts'
import { clusterMajor } from './existing-cluster.ts'
import { findPostgres, placesLooked, type PostgresInstallation } from './installation.ts'

/** What decides which installation runs a cluster. */
export interface ChoiceOptions {
  readonly disk: Disk
  readonly installation?: PostgresInstallation | undefined
  readonly major?: number | undefined
  readonly resolveFrom?: string | undefined
  readonly dataFolder?: string | undefined
  readonly initialise?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The installation that runs a cluster: an existing data folder needs the very major version that wrote it.
 *
 * @throws `BACKUP_SERVER_NOT_FOUND`, `…_MAJOR_NOT_FOUND`, `…_VERSION_MISMATCH`, `…_NOT_A_DATA_FOLDER`
 */
export async function chooseInstallation(options: ChoiceOptions): Promise<PostgresInstallation> {
  const { disk, installation, initialise = false } = options
  const dataFolder = options.dataFolder === undefined || initialise ? undefined : resolve(options.dataFolder)
  const written = dataFolder === undefined ? undefined : await clusterMajor(disk, dataFolder)
  const given = installation?.version.major ?? options.major
  if (written !== undefined && given !== undefined && written !== given)
    throw serverErrors.BACKUP_SERVER_VERSION_MISMATCH({ dataFolder, written, given })
  if (installation !== undefined) return installation

  const major = written ?? given
  const found = await findPostgres(options)
  const chosen = found.find(({ version }) => major === undefined || version.major === major)
  if (chosen !== undefined) return chosen
  if (found.length === 0) throw serverErrors.BACKUP_SERVER_NOT_FOUND({ looked: placesLooked })
  throw serverErrors.BACKUP_SERVER_MAJOR_NOT_FOUND({ major, found: found.map(({ version }) => version.text) })
}
