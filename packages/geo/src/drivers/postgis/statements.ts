/** The statements over a table of fences. Lists come as one JSON text, whatever driver is underneath. */
export function postgisStatements(fences: string) {
  const rows = (parameter: string) =>
    `json_to_recordset(${parameter}::json) as row (id text, feature text, parts json, reach float8)`
  const part = 'ST_GeomFromGeoJSON(part::text)'
  const version = `(select coalesce(max(version), 0) + 1 from ${fences} where tenant = $1)`
  return {
    /** Makes versions ascend in the order of the commits: nobody who reads changes misses one. */
    lock: `select pg_advisory_xact_lock(hashtextextended('${fences.replaceAll("'", "''")} ' || $1, 0))`,
    problems: `select id, min(ST_IsValidReason(${part})) as reason from ${rows('$1')}, json_array_elements(parts) as part
      where not ST_IsValid(${part}) group by id order by id collate "C"`,
    put: `insert into ${fences} (tenant, id, feature, area, bounds, reach, version)
      select $1, id, feature, ${wrapped('area')}, ${wrapped(around)}, reach, ${version} from (
        select id, min(feature) as feature, ST_Union(ST_MakeValid(${part}, 'method=linework')) as area, min(reach) as reach
        from ${rows('$2')}, json_array_elements(parts) as part group by id) as read
      on conflict (tenant, id) do update set feature = excluded.feature, area = excluded.area, bounds = excluded.bounds,
        reach = excluded.reach, version = excluded.version`,
    remove: `update ${fences} set feature = null, area = null, bounds = null, reach = 0, version = ${version}
      where tenant = $1 and feature is not null and id in (select json_array_elements_text($2::json))`,
    loadAll: `select feature from ${fences} where tenant = $1 and feature is not null order by id collate "C"`,
    loadWithin: `select feature from ${fences}, ST_MakeEnvelope($2, $3, $4, $5, 4326) as wanted
      where tenant = $1 and bounds && wanted and (reach > 0 or ST_Intersects(area, wanted)) order by id collate "C"`,
    changes: `select id, feature, version from ${fences} where tenant = $1 and version > $2
      order by version, id collate "C"`,
    locate: `with places as (
        select place - 1 as place, ST_SetSRID(ST_MakePoint((pair->>0)::float8, (pair->>1)::float8), 4326) as point
        from json_array_elements($2::json) with ordinality as list (pair, place))
      select place, id from (
        select place, id from places join ${fences} on tenant = $1 and reach = 0 and ST_Covers(area, point)
        union all
        select place, id from places join ${fences} on tenant = $1 and reach > 0
          and ST_DWithin(geography(area), geography(point), reach, false)
      ) as found order by place, id collate "C"`,
  }
}

/** Metres per degree of latitude, a little less than the sphere has. */
const metresPerDegree = 110_000

/** A box around what is within reach; degrees of longitude are shorter near the poles. */
const around = `case when reach = 0 then ST_Envelope(area) else ST_Expand(area,
  least(180, reach / (${metresPerDegree} * cos(radians(least(89.9, greatest(abs(ST_YMin(area)), abs(ST_YMax(area)))
    + reach / ${metresPerDegree}))))), reach / ${metresPerDegree}) end`

/** What goes on beyond the antimeridian, put where it lies. */
const wrapped = (geometry: string): string => `ST_WrapX(ST_WrapX(${geometry}, 180, -360), -180, 360)`
