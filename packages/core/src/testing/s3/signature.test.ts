import { describe, expect, it } from 'vitest'
import type { S3Request } from './s3-request.ts'
import { verifySignature } from './signature.ts'

// The example of "Signature calculations for the Authorization header: transferring payload in a single chunk".
const options = {
  credentials: [{ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }],
  region: 'us-east-1',
  now: Date.UTC(2013, 4, 24),
}
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function request(
  changes: Partial<Record<string, string>> = {},
  names = 'host;range;x-amz-content-sha256;x-amz-date',
): S3Request {
  const signature = 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'
  const headers: Record<string, string | undefined> = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': emptyHash,
    'x-amz-date': '20130524T000000Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${names},Signature=${signature}`,
    ...changes,
  }
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return {
    method: 'GET',
    rawPath: '/test.txt',
    query: [],
    headers: Object.fromEntries(present),
    bucket: 'b',
    key: 'test.txt',
  }
}

function refusal(changes: Partial<Record<string, string>>, names?: string, now = options.now): string | undefined {
  try {
    verifySignature(request(changes, names), { ...options, now })
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('verifySignature', () => {
  it('accepts the example of the documentation', () => {
    expect(verifySignature(request(), options).scope).toBe('20130524/us-east-1/s3/aws4_request')
  })

  it('refuses each change by its own code', () => {
    expect(refusal({ range: 'bytes=0-8' })).toBe('SignatureDoesNotMatch')
    expect(refusal({ authorization: undefined })).toBe('AccessDenied')
    expect(refusal({ authorization: 'Basic abc' })).toBe('AuthorizationHeaderMalformed')
    expect(refusal({ 'x-amz-content-sha256': undefined })).toBe('InvalidRequest')
    expect(refusal({ 'x-amz-date': undefined })).toBe('AccessDenied')
    expect(refusal({ 'x-amz-date': '20130525T000000Z' })).toBe('AuthorizationHeaderMalformed')
    expect(refusal({ 'x-amz-acl': 'public-read' })).toBe('AccessDenied')
    expect(refusal({}, 'range;x-amz-content-sha256;x-amz-date')).toBe('AccessDenied')
    expect(refusal({ authorization: request().headers['authorization']!.replace('EXAMPLE/', 'OTHER/') })).toBe(
      'InvalidAccessKeyId',
    )
    expect(refusal({ authorization: request().headers['authorization']!.replace('us-east-1', 'eu-west-1') })).toBe(
      'AuthorizationHeaderMalformed',
    )
  })

  it('wants the token of temporary credentials, as long as they are good', () => {
    const temporary = {
      ...options,
      credentials: options.credentials.map((each) => ({ ...each, sessionToken: 'token' })),
    }
    const code = (changed: typeof options & { readonly expired?: ReadonlySet<string> }): string | undefined => {
      try {
        verifySignature(request(), changed)
        return undefined
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(code(temporary)).toBe('InvalidToken')
    const [{ accessKeyId }] = options.credentials as [(typeof options.credentials)[0]]
    expect(code({ ...options, expired: new Set([accessKeyId]) })).toBe('ExpiredToken')
    expect(code({ ...options, expired: new Set(['other']) })).toBeUndefined()
  })

  it('allows clocks that differ by 15 minutes and no more', () => {
    expect(refusal({}, undefined, options.now + 15 * 60_000)).toBeUndefined()
    expect(refusal({}, undefined, options.now - 15 * 60_000)).toBeUndefined()
    expect(refusal({}, undefined, options.now + 15 * 60_000 + 1)).toBe('RequestTimeTooSkewed')
    expect(refusal({}, undefined, options.now - 15 * 60_000 - 1)).toBe('RequestTimeTooSkewed')
  })
})
