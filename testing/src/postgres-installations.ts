import { findPostgres, type PostgresInstallation } from '@exprsn/backup/server'
import type { SkippableContext } from './oracles.ts'

/** Every PostgreSQL of this machine, newest first, for tests that must pass on all: `describe.each(await …)`. */
export function postgresInstallations(): Promise<PostgresInstallation[]> {
  return findPostgres({ resolveFrom: import.meta.filename })
}

/** The newest PostgreSQL, or of one major version; without it the test is skipped with the reason in the summary. */
export async function requirePostgres(context: SkippableContext, major?: number): Promise<PostgresInstallation> {
  const found = await postgresInstallations()
  const fitting = found.find(({ version }) => major === undefined || version.major === major)
  return fitting ?? context.skip(`there is no PostgreSQL${major === undefined ? '' : ` ${major}`} on this machine`)
}
