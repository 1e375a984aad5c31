import { londonTime } from './calendar.ts'
import type { League } from './leagues.ts'
import { escapeHtml, layout, quoteScript, slugOf } from './markup.ts'
import type { MatchState } from './match-state.ts'

const seasonId = 90_000_031

export function homePage(leagues: readonly League[], states: readonly MatchState[]): string {
  const regions = leagues.map(
    ({ regionId, country, tournamentId, name }) =>
      `{type:0, id:${regionId}, flg:'', name: ${quoteScript(country)}, tournaments: [{id:${tournamentId}, url:${quoteScript(tournamentPath(regionId, tournamentId))}, name:${quoteScript(name)}, sortOrder:1}]}`,
  )
  const rows = states.map(({ meeting, label, score }) => {
    const { matchId, home, away, league, kickoff } = meeting
    const result = score ? `${score.join(' : ')} (${label})` : ''
    return `<tr><td>${londonTime(kickoff).replace('T', ' ').slice(0, 16)}</td><td>${escapeHtml(league.name)}</td><td><a href="/matches/${matchId}/live">${escapeHtml(`${home.name} - ${away.name}`)}</a></td><td>${escapeHtml(result)}</td></tr>`
  })
  return layout(
    'Fixtures',
    `<ul>${leagues.map((league) => `<li><a href="${seasonPath(league)}">${escapeHtml(`${league.country}, ${league.name}`)}</a></li>`).join('')}</ul>
<table><thead><tr><th>Kick-off (London)</th><th>League</th><th>Match</th><th>Result</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
<script>
var allRegions = [${regions.join(',')}];
</script>`,
  )
}

export function seasonPage(league: League, states: readonly MatchState[]): string {
  const days = states.map(({ meeting }) => londonTime(meeting.kickoff).slice(0, 10)).sort()
  const season = seasonName(new Date(`${days[0] ?? '2000-01-01'}T12:00:00Z`))
  return layout(
    `${league.name} ${season}`,
    `<select id="tournaments" name="tournaments" aria-label="Tournament"><option selected="selected" value="${tournamentPath(league.regionId, league.tournamentId)}">${escapeHtml(league.name)}</option></select>
<select id="seasons" name="seasons" aria-label="Season"><option selected="selected" value="${seasonPath(league)}">${season}</option></select>
<div id="sub-navigation"><ul><li><a href="${seasonPath(league)}/stages/${league.stageId}/fixtures/${slugOf(league.name)}">Fixtures</a></li></ul></div>
<script>
var wsCalendar = {
    min: (${scriptDate(days[0])}).toString(),
    max: (${scriptDate(days.at(-1))}).toString(),
    mask:${maskOf(days)},
    stageId: ${league.stageId},
    isAggregate: false
};
</script>`,
  )
}

/** The matches of one league in one month, as the feed gives them. */
export function feedOf(league: League, states: readonly MatchState[]): unknown {
  const { stageId, tournamentId, regionId, country, name } = league
  const kickoff = states[0]?.meeting.kickoff
  return {
    tournamentId,
    stageId,
    stageName: name,
    regionId,
    tournamentName: name,
    seasonName: kickoff ? seasonName(kickoff) : '',
    seasonId,
    sex: 1,
    regionName: country,
    isOpta: true,
    matches: states.map((state) => feedMatch(state)),
  }
}

function feedMatch({ meeting, statusCode, label, score, hasPreview }: MatchState): unknown {
  const { matchId, league, home, away, kickoff } = meeting
  return {
    stageId: league.stageId,
    id: matchId,
    status: statusCode,
    startTime: londonTime(kickoff),
    homeTeamId: home.teamId,
    homeTeamName: home.name,
    awayTeamId: away.teamId,
    awayTeamName: away.name,
    hasPreview,
    elapsed: label,
    homeTeamCountryName: league.country,
    awayTeamCountryName: league.country,
    startTimeUtc: `${kickoff.toISOString().slice(0, 19)}Z`,
    homeScore: score?.[0] ?? null,
    awayScore: score?.[1] ?? null,
    incidents: [],
    bets: null,
  }
}

/** Seasons turn in July. */
function seasonName(moment: Date): string {
  const first = moment.getUTCFullYear() - (moment.getUTCMonth() < 6 ? 1 : 0)
  return `${first}/${first + 1}`
}

function tournamentPath(regionId: number, tournamentId: number): string {
  return `/regions/${regionId}/tournaments/${tournamentId}`
}

function seasonPath({ regionId, tournamentId }: League): string {
  return `${tournamentPath(regionId, tournamentId)}/seasons/${seasonId}`
}

function scriptDate(day: string | undefined): string {
  const [year, month = 1, date] = (day ?? '2000-01-01').split('-').map(Number)
  return `new Date(${year}, ${month - 1}, ${date})`
}

/** Years, zero-based months, days: `{2026:{2:{29:1}}}` */
function maskOf(days: readonly string[]): string {
  const byYear = Object.entries(Object.groupBy(days, (day) => day.slice(0, 4)))
  const years = byYear.map(([year, ofYear = []]) => {
    const byMonth = Object.entries(Object.groupBy(ofYear, (day) => day.slice(5, 7)))
    const months = byMonth.map(([month, ofMonth = []]) => {
      const marks = [...new Set(ofMonth.map((day) => `${Number(day.slice(8))}:1`))]
      return `${Number(month) - 1}:{${marks.join(',')}}`
    })
    return `${year}:{${months.join(',')}}`
  })
  return `{${years.join(',')}}`
}
