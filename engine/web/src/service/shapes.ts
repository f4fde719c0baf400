// What customers and agents read over REST.

export type {
  ChannelFace, Lane, Visitor, AgentFace, Served, CustomerCard, VisitItem, TransferItem, AssignmentItem, ServedDetail, SidePage, AgentItem, Waiting, Board, Canned, Team, Face,
} from '../generated/types';
