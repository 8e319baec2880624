import { request as httpRequest } from 'node:http'

/** What a browser does on the official server's pages: it signs in, agrees, and is sent back. */
export async function signIn(authorizeUrl: URL, username: string, password: string): Promise<URLSearchParams> {
  const cookies = new Map<string, string>()
  const page = authorizeUrl.href
  await send(authorizeUrl, {
    cookies,
    headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'none' },
  })
  const post = async (endpoint: string, json: object, token?: string) => {
    const url = new URL(`/@atproto/oauth-provider/~api${endpoint}`, authorizeUrl)
    const headers = {
      'content-type': 'application/json',
      'sec-fetch-mode': 'same-origin',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-dest': 'empty',
      origin: authorizeUrl.origin,
      referer: page,
      'x-csrf-token': cookies.get('csrf-token') ?? '',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    return JSON.parse(await send(url, { cookies, headers, body: JSON.stringify(json) })) as Record<string, unknown>
  }
  const signedIn = await post('/sign-in', { locale: 'en', username, password, remember: false })
  const { did } = (signedIn.account ?? {}) as { did?: string }
  if (did === undefined) throw new Error(`The server does not sign in: ${JSON.stringify(signedIn)}`)
  const { url } = await post('/consent', { did }, signedIn.ephemeralToken as string | undefined)
  const { searchParams } = new URL(String(url))
  for (const name of ['redirect_uri', 'redirect_mode']) searchParams.delete(name)
  return searchParams
}

interface Sent {
  readonly cookies: Map<string, string>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** Node's fetch says of itself that it is none of a page's. */
function send(url: URL, { cookies, headers, body }: Sent): Promise<string> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const sending = httpRequest(url, { method, headers: { ...headers, cookie } }, (response) => {
      for (const line of response.headers['set-cookie'] ?? []) {
        const [name, value] = line.split(';')[0]!.split('=') as [string, string]
        cookies.set(name, value)
      }
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Buffer.concat(parts).toString()))
    })
    sending.on('error', reject)
    sending.end(body)
  })
}
