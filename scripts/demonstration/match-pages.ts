import { londonTime } from './calendar.ts'
import type { Club } from './leagues.ts'
import { escapeHtml, jsonScript, layout, quoteScript, slugOf } from './markup.ts'
import type { MatchState } from './match-state.ts'
import { type Absence, absencesOf, type Person, scatter, squadOf } from './people.ts'

const predictedFormation = '4-3-3'

/** The match centre: the header's block, and the players once the match has begun. */
export function livePage(state: MatchState): string {
  const { meeting } = state
  const centre = state.statusCode === 1 ? 'null' : jsonScript(centreOf(state))
  return layout(
    titleOf(state),
    `${headerScript(state)}
${navigation(state, 'live')}
<p>${escapeHtml(meeting.league.country)}, ${escapeHtml(meeting.league.name)}: ${escapeHtml(kickoffText(state))}, London time.</p>
<p>${state.score ? `${state.score[0]} : ${state.score[1]} (${escapeHtml(state.label)})` : 'Not started.'}</p>
<script>
require.config.params["args"] = {
    matchId:${meeting.matchId},
    matchCentreData: ${centre},
    matchCentreEventTypeJson: {},
    formationIdNameMappings:{"4":"433"}
};
</script>`,
  )
}

/** Who is missing and who is expected to play. */
export function previewPage(state: MatchState): string {
  const { home, away, matchId } = state.meeting
  return layout(
    `Preview: ${titleOf(state)}`,
    `${headerScript(state)}
${navigation(state, 'preview')}
<h2>Predicted Lineups</h2>
<div id="preview-lineups">
<div class="pitch-formation-header">
${[home, away].map((club, at) => formationHeader(club, at === 0 ? 'home' : 'away')).join('\n')}
</div>
<div class="pitch-container"><div class="pitch">
${[home, away].map((club, at) => pitchSide(club, at === 0 ? 'home' : 'away', matchId)).join('\n')}
</div></div>
</div>
<div id="missing-players" class="with-team-selector">
<h2>Missing Players</h2>
<div class="team-selector"><div class="home-selector selected">${escapeHtml(home.name)}</div><div class="away-selector">${escapeHtml(away.name)}</div></div>
${missingSide(home, 'home', matchId)}
${missingSide(away, 'away', matchId)}
</div>`,
  )
}

function titleOf({ meeting }: MatchState): string {
  return `${meeting.home.name} - ${meeting.away.name}`
}

/** `29/03/2026 15:00:00` */
function kickoffText({ meeting }: MatchState): string {
  return siteTime(londonTime(meeting.kickoff))
}

function siteTime(isoTime: string): string {
  const [date = '', time = ''] = isoTime.split('T')
  return `${date.split('-').toReversed().join('/')} ${time}`
}

function headerScript(state: MatchState): string {
  const { matchId, home, away, league, kickoff } = state.meeting
  const score = state.score ? quoteScript(state.score.join(' : ')) : "''"
  const day = quoteScript(siteTime(`${londonTime(kickoff).slice(0, 10)}T00:00:00`))
  const input = [
    home.teamId,
    away.teamId,
    quoteScript(home.name),
    quoteScript(away.name),
    quoteScript(kickoffText(state)),
    day,
    state.statusCode,
    quoteScript(state.label),
    ...(state.score ? ["'0 : 0'", score] : ['', '']),
    '',
    '',
    score,
    quoteScript(league.country),
    quoteScript(league.country),
  ]
  return `<script>
var require = { config: { params: {} } };
require.config.params['matchheader'] = {
    input: [${input.join(',')}]
,
    matchId: ${matchId}
};
</script>`
}

function navigation({ meeting, hasPreview }: MatchState, selected: 'live' | 'preview'): string {
  const { matchId, home, away } = meeting
  const slug = slugOf(`${home.name} ${away.name}`)
  const link = (page: 'live' | 'preview', text: string) =>
    `<li><a href="/matches/${matchId}/${page}/${slug}" class="${page === selected ? 'selected' : ''}">${text}</a></li>`
  const preview = hasPreview
    ? link('preview', 'Preview')
    : '<li><a href="#" class="inactive">Preview</a></li>'
  return `<div id="sub-navigation" class=""><ul>${preview}${link('live', 'Match Centre')}</ul></div>`
}

function centreOf({ meeting, statusCode, label, score }: MatchState): unknown {
  const [home = 0, away = 0] = score ?? []
  return {
    startTime: londonTime(meeting.kickoff),
    elapsed: label,
    statusCode,
    score: `${home} : ${away}`,
    home: teamOf(meeting.home, 'home', meeting.matchId),
    away: teamOf(meeting.away, 'away', meeting.matchId),
    events: [],
  }
}

function teamOf(club: Club, field: 'home' | 'away', matchId: number): unknown {
  return {
    teamId: club.teamId,
    name: club.name,
    field,
    formations: [{ formationId: 4, formationName: '433', period: 16 }],
    players: fitSquad(club, matchId).map((person, index) => ({
      playerId: person.playerId,
      shirtNo: index + 1,
      name: person.name,
      position: index < 11 ? person.position : 'Sub',
      field,
      ...(index < 11 && { isFirstEleven: true }),
      stats: index < 11 ? { ratings: { 0: 6, 90: 6 + scatter(matchId + person.playerId, 30) / 10 } } : {},
    })),
  }
}

/** Whoever is out does not play; the bench moves up, into the place that is free. */
function fitSquad(club: Club, matchId: number): Person[] {
  const out = new Set(absencesOf(club, matchId).map(({ person }) => person.playerId))
  const squad = squadOf(club)
  const bench = squad.slice(11).filter(({ playerId }) => !out.has(playerId))
  const starters = squad.slice(0, 11).map((person) => {
    if (!out.has(person.playerId)) return person
    return { ...(bench.shift() ?? person), position: person.position }
  })
  return [...starters, ...bench]
}

function formationHeader(club: Club, side: 'home' | 'away'): string {
  return `<div class="${side}"><div class="team-name"><a href="/teams/${club.teamId}/show/${slugOf(club.name)}" class="team-link">${escapeHtml(club.name)}</a></div><span class="formation-label">${predictedFormation}</span></div>`
}

function pitchSide(club: Club, side: 'home' | 'away', matchId: number): string {
  const players = fitSquad(club, matchId)
    .slice(0, 11)
    .map(
      ({ playerId, name, position }) =>
        `<ul class="player" title="${escapeHtml(`${name}(${position})`)}" data-playerid="${playerId}"><li class="player-name-wrapper"><a class="player-name player-link" href="/players/${playerId}/show/${slugOf(name)}">${escapeHtml(name)}</a></li><li class="player-rating rc">N/A</li></ul>`,
    )
  return `<div class="${side}">\n${players.join('\n')}\n</div>`
}

function missingSide(club: Club, side: 'home' | 'away', matchId: number): string {
  const rows = absencesOf(club, matchId).map(missingRow)
  return `<div class="${side}">
<table class="grid"><thead><tr><th class="pn">Player</th><th>Reason</th><th>Status</th><th>Rating</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>
</div>`
}

function missingRow({ person, reason, mark, status }: Absence): string {
  return `<tr><td class="pn"><a class="player-link" href="/players/${person.playerId}/show/${slugOf(person.name)}">${escapeHtml(person.name)}</a></td><td class="reason"><span class="missing ${mark}" title="${escapeHtml(reason)}"></span></td><td class="confirmed">${status}</td><td class="rating"><span class="info">N/A</span></td></tr>`
}
