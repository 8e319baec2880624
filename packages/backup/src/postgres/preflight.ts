import { join } from 'node:path'
import { exists, type Disk } from '@exprsn/core/disk'
import type { PostgresInstallation } from '../server/index.ts'
import { extensionFolder } from '../server/shared-files.ts'
import { systemLocales } from '../server/system-locales.ts'
import { postgresSourceErrors } from './errors.ts'

/** What a cluster needs of the machine that it runs on. */
export interface ClusterNeeds {
  /** Extensions of all its databases. */
  readonly extensions: readonly string[]
  /** Locales of all its databases, as the server names them. */
  readonly locales: readonly string[]
}

/**
 * Looks whether an installation can run a cluster, before hours are spent on restoring it. What cannot be found out here is left to the server.
 *
 * @throws `BACKUP_POSTGRES_MACHINE_LACKS` with all that is missing
 */
export async function preflight(
  disk: Disk,
  installation: PostgresInstallation,
  needs: ClusterNeeds,
  signal?: AbortSignal,
): Promise<void> {
  const folder = await extensionFolder(disk, installation)
  const extensions: string[] = []
  if (folder !== undefined)
    for (const name of needs.extensions)
      if (!(await exists(disk, join(folder, `${name}.control`)))) extensions.push(name)
  const known = await systemLocales(signal)
  const locales = known === undefined ? [] : needs.locales.filter((name) => !known.has(name))
  if (extensions.length + locales.length === 0) return
  const missing = [...described('extension', extensions), ...described('locale', locales)].join(' and ')
  const { text } = installation.version
  throw postgresSourceErrors.BACKUP_POSTGRES_MACHINE_LACKS({ missing, version: text, extensions, locales })
}

function described(kind: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`the ${kind}${names.length === 1 ? '' : 's'} ${names.join(', ')}`]
}
