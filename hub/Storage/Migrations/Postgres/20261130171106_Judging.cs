using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThreeClassrooms.Hub.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Judging : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "ReversesId",
                table: "LedgerEntries",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "NeedsDecision",
                table: "Judgements",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "DeviceId",
                table: "EvidenceIntervals",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Heard",
                table: "EvidenceIntervals",
                type: "boolean",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Seen",
                table: "EvidenceIntervals",
                type: "boolean",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "StreamId",
                table: "EvidenceIntervals",
                type: "character varying(32)",
                maxLength: 32,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "AliveMark",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AliveMark", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Incidents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    From = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    To = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Incidents", x => x.Id);
                    table.CheckConstraint("CK_Incidents_Order", "\"From\" < \"To\"");
                });

            migrationBuilder.CreateTable(
                name: "LessonDecisions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    OccurrenceId = table.Column<Guid>(type: "uuid", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: false),
                    Rooms = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    DecidedById = table.Column<Guid>(type: "uuid", nullable: false),
                    DecidedBy = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_LessonDecisions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_LessonDecisions_Occurrences_OccurrenceId",
                        column: x => x.OccurrenceId,
                        principalTable: "Occurrences",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_LedgerEntries_ReversesId",
                table: "LedgerEntries",
                column: "ReversesId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Judgements_NeedsDecision",
                table: "Judgements",
                column: "NeedsDecision",
                filter: "\"NeedsDecision\"");

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_To",
                table: "Incidents",
                column: "To");

            migrationBuilder.CreateIndex(
                name: "IX_LessonDecisions_OccurrenceId_At",
                table: "LessonDecisions",
                columns: new[] { "OccurrenceId", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AliveMark");

            migrationBuilder.DropTable(
                name: "Incidents");

            migrationBuilder.DropTable(
                name: "LessonDecisions");

            migrationBuilder.DropIndex(
                name: "IX_LedgerEntries_ReversesId",
                table: "LedgerEntries");

            migrationBuilder.DropIndex(
                name: "IX_Judgements_NeedsDecision",
                table: "Judgements");

            migrationBuilder.DropColumn(
                name: "ReversesId",
                table: "LedgerEntries");

            migrationBuilder.DropColumn(
                name: "NeedsDecision",
                table: "Judgements");

            migrationBuilder.DropColumn(
                name: "DeviceId",
                table: "EvidenceIntervals");

            migrationBuilder.DropColumn(
                name: "Heard",
                table: "EvidenceIntervals");

            migrationBuilder.DropColumn(
                name: "Seen",
                table: "EvidenceIntervals");

            migrationBuilder.DropColumn(
                name: "StreamId",
                table: "EvidenceIntervals");
        }
    }
}
