import { dirname, join } from 'node:path'
import { exists, type Disk } from '@exprsn/core/disk'
import type { PostgresInstallation } from './installation.ts'

/** What every installation brings along: where its control file lies, those of others lie. */
const witness = 'plpgsql.control'

/**
 * The folder of an installation's extensions; undefined where it is not known. Asking `pg_config` would need a package for developers.
 */
export async function extensionFolder(
  disk: Disk,
  { binFolder, version }: PostgresInstallation,
): Promise<string | undefined> {
  const above = dirname(binFolder)
  const shared = [
    `/usr/share/postgresql/${version.major}`,
    join(above, 'share', 'postgresql'),
    join(above, 'share', `postgresql@${version.major}`),
    join(above, 'share'),
  ]
  // Debian's folder belongs to Debian's programs alone.
  const candidates = binFolder.startsWith('/usr/lib/postgresql/') ? shared : shared.slice(1)
  for (const folder of candidates) {
    const extensions = join(folder, 'extension')
    if (await exists(disk, join(extensions, witness))) return extensions
  }
  return undefined
}
