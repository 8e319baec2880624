// ClickHouse's own engine behind as much of its HTTP interface as an insert needs: folder of the package, folder of the data.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'

const [packageFolder, dataFolder] = process.argv.slice(2) as [string, string]
const { Session } = createRequire(`${packageFolder}/package.json`)('chdb') as {
  readonly Session: new (path: string) => { query(sql: string, format?: string): string }
}
const session = new Session(dataFolder)

/** Parameters of the interface itself; all others are settings of the query. */
const ownParameters = new Set(['query', 'wait_end_of_query', 'default_format'])

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    try {
      const { searchParams } = new URL(request.url!, 'http://localhost')
      const encoding = request.headers['content-encoding']
      const body = unpacked(Buffer.concat(parts), encoding)
      const settings = [...searchParams].filter(([name]) => !ownParameters.has(name) && !name.startsWith('param_'))
      for (const [name, value] of searchParams)
        if (name.startsWith('param_')) session.query(`SET ${name} = '${value.replaceAll(/[\\']/g, '\\$&')}'`)
      const sql =
        withSettings(searchParams.get('query') ?? '', settings) + (searchParams.has('query') ? '\n' : '') + body
      response.end(session.query(sql, searchParams.get('default_format') ?? 'TabSeparated'))
    } catch (thrown) {
      const { message } = thrown as Error
      response.writeHead(statusOf(message)).end(message)
    }
  })
})
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))

function unpacked(bytes: Buffer, encoding: string | undefined): string {
  if (encoding === 'gzip') return gunzipSync(bytes).toString()
  return (encoding === 'zstd' ? zstdDecompressSync(bytes) : bytes).toString()
}

function withSettings(query: string, settings: readonly (readonly [string, string])[]): string {
  if (settings.length === 0) return query
  const list = settings.map(([name, value]) => `${name} = '${value.replaceAll("'", "\\'")}'`).join(', ')
  return query.replace(/ FORMAT /, ` SETTINGS ${list} FORMAT `)
}

/** As the server maps codes of errors: what cannot be parsed is 400, what does not exist 404. */
function statusOf(message: string): number {
  const code = Number(/Code: (\d+)/.exec(message)?.[1])
  if ([60, 81].includes(code)) return 404
  return [6, 25, 26, 27, 36, 38, 41, 53, 62, 72, 117].includes(code) ? 400 : 500
}
