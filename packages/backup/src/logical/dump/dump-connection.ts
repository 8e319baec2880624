/** How `pg_dump` and `pg_restore` reach a server. */
export interface DumpConnection {
  /** Host name, address, or the folder of a Unix socket. @default 'localhost' */
  readonly host?: string | undefined
  /** @default 5432 */
  readonly port?: number | undefined
  /** @default 'postgres' */
  readonly user?: string | undefined
  /** Text, or a function that fetches it. Handed over in the environment, never as an argument, which others could see. */
  readonly password?: string | (() => string | Promise<string>) | undefined
  /** @default 'postgres' */
  readonly database?: string | undefined
  /** As libpq's `sslmode`. @default 'prefer' */
  readonly sslMode?: 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full' | undefined
}

/** The environment that libpq reads a connection from; nothing of the host's own `PG*` variables gets in. */
export async function connectionEnvironment(connection: DumpConnection): Promise<Record<string, string>> {
  const { host = 'localhost', port = 5432, user = 'postgres', database = 'postgres', password, sslMode } = connection
  const secret = typeof password === 'function' ? await password() : password
  return {
    ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, PGDATABASE: database, PGAPPNAME: 'exprsn' },
    // Without one, a password file of the host's user would be read.
    PGPASSFILE: '/dev/null',
    ...(secret === undefined ? {} : { PGPASSWORD: secret }),
    ...(sslMode === undefined ? {} : { PGSSLMODE: sslMode }),
  }
}
