import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './operations/multipart.ts'
import { copyObject } from './operations/copy-object.ts'
import { deleteObject, deleteObjects } from './operations/delete-objects.ts'
import { getObject } from './operations/get-object.ts'
import { listObjects } from './operations/list-objects.ts'
import { listVersions } from './operations/list-versions.ts'
import { putObject } from './operations/put-object.ts'
import { putRetention } from './operations/retention.ts'
import { getVersioning, putVersioning } from './operations/versioning.ts'
import type { OperationContext } from './operation-context.ts'
import { queryValue, type S3Request, type S3Response } from './s3-request.ts'

/** The operations that the simulator knows, by the names of the API. */
export const s3Operations = {
  AbortMultipartUpload: abortUpload,
  CompleteMultipartUpload: completeUpload,
  CopyObject: copyObject,
  CreateMultipartUpload: createUpload,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetBucketVersioning: getVersioning,
  GetObject: getObject,
  HeadBucket: (): S3Response => ({ status: 200 }),
  HeadObject: getObject,
  ListMultipartUploads: listUploads,
  ListObjectVersions: listVersions,
  ListObjectsV2: listObjects,
  ListParts: listParts,
  PutBucketVersioning: putVersioning,
  PutObject: putObject,
  PutObjectRetention: putRetention,
  UploadPart: uploadPart,
} as const satisfies Record<string, (context: OperationContext) => S3Response>

/** The name of an operation, as the API calls it. */
export type S3Operation = keyof typeof s3Operations

/** Which operation a request is, undefined for those that the simulator does not know. */
export function operationOf(request: S3Request): S3Operation | undefined {
  const has = (name: string): boolean => queryValue(request, name) !== undefined
  return request.key === undefined ? bucketOperation(request, has) : objectOperation(request, has)
}

function bucketOperation({ method, bucket }: S3Request, has: (name: string) => boolean): S3Operation | undefined {
  if (bucket === undefined) return undefined
  if (method === 'HEAD') return 'HeadBucket'
  if (method === 'POST') return has('delete') ? 'DeleteObjects' : undefined
  if (has('versioning'))
    return method === 'GET' ? 'GetBucketVersioning' : method === 'PUT' ? 'PutBucketVersioning' : undefined
  if (method !== 'GET') return undefined
  if (has('uploads')) return 'ListMultipartUploads'
  if (has('versions')) return 'ListObjectVersions'
  return has('list-type') ? 'ListObjectsV2' : undefined
}

function objectOperation({ method, headers }: S3Request, has: (name: string) => boolean): S3Operation | undefined {
  const uploading = has('uploadId')
  switch (method) {
    case 'PUT':
      if (has('retention')) return 'PutObjectRetention'
      if (uploading) return headers['x-amz-copy-source'] === undefined ? 'UploadPart' : undefined
      return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject'
    case 'POST':
      return has('uploads') ? 'CreateMultipartUpload' : uploading ? 'CompleteMultipartUpload' : undefined
    case 'GET':
      return uploading ? 'ListParts' : 'GetObject'
    case 'HEAD':
      return 'HeadObject'
    case 'DELETE':
      return uploading ? 'AbortMultipartUpload' : 'DeleteObject'
    default:
      return undefined
  }
}
