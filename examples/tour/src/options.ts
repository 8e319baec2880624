import { parseArgs } from 'node:util'

/** What the command line asked for. */
export interface TourOptions {
  /** End after the steps instead of serving the status page. */
  readonly once: boolean
  /** Run this step alone. */
  readonly only: string | undefined
  readonly list: boolean
  readonly help: boolean
  /** Port of the status page; 0 takes a free one. */
  readonly port: number
  /** Where temporary data goes. */
  readonly folder: string | undefined
  readonly postgresUrl: string | undefined
  /** Run the step of the AT Protocol against the official server, which is installed on first use. */
  readonly realPds: boolean
}

/** The text of `--help`. */
export const usage = `Usage: npm start -- [options]

  --once             end after the steps (otherwise a status page stays up)
  --only <step>      run one step
  --list             name the steps
  --port <number>    port of the status page on 127.0.0.1 (default: a free one)
  --folder <path>    where temporary data goes (default: the system's temporary folder)
  --postgres <url>   use this PostgreSQL server instead of starting one
  --real-pds         sync with the official AT Protocol server (300 MB on first use) instead of the one in memory
  --help             this text`

/** Reads the command line; throws an error whose message says what is wrong with it. */
export function parseTourOptions(args: readonly string[], steps: readonly string[]): TourOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      only: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      folder: { type: 'string' },
      postgres: { type: 'string' },
      'real-pds': { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`)
  if (values.only !== undefined && !steps.includes(values.only))
    throw new Error(`There is no step "${values.only}". Steps: ${steps.join(', ')}.`)
  if (values.postgres !== undefined && !/^postgres(ql)?:\/\//.test(values.postgres))
    throw new Error('--postgres takes a URL such as postgres://user:password@host:5432/database.')
  const { once, only, list, help, folder, postgres } = values
  return { once, only, list, help, port, folder, postgresUrl: postgres, realPds: values['real-pds'] }
}
