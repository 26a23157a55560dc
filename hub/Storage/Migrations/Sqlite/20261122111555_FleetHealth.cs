using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ThreeClassrooms.Hub.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class FleetHealth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DeviceCare",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    AbsentParts = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    MaintenanceFrom = table.Column<DateTime>(type: "TEXT", nullable: true),
                    MaintenanceTo = table.Column<DateTime>(type: "TEXT", nullable: true),
                    MaintenanceReason = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Version = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceCare", x => x.DeviceId);
                    table.CheckConstraint("CK_DeviceCare_Maintenance", "\"MaintenanceTo\" > \"MaintenanceFrom\"");
                    table.ForeignKey(
                        name: "FK_DeviceCare_Devices_DeviceId",
                        column: x => x.DeviceId,
                        principalTable: "Devices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DeviceDays",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Up = table.Column<double>(type: "REAL", nullable: false),
                    Down = table.Column<double>(type: "REAL", nullable: false),
                    Maintenance = table.Column<double>(type: "REAL", nullable: false),
                    LessonUp = table.Column<double>(type: "REAL", nullable: false),
                    LessonDown = table.Column<double>(type: "REAL", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceDays", x => new { x.DeviceId, x.Day });
                    table.CheckConstraint("CK_DeviceDays_Seconds", "\"Up\" + \"Down\" + \"Maintenance\" <= 90001");
                });

            migrationBuilder.CreateTable(
                name: "DeviceHours",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Hour = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Minutes = table.Column<int>(type: "INTEGER", nullable: false),
                    Processor = table.Column<float>(type: "REAL", nullable: true),
                    Memory = table.Column<float>(type: "REAL", nullable: true),
                    Temperature = table.Column<float>(type: "REAL", nullable: true),
                    DiskFree = table.Column<float>(type: "REAL", nullable: true),
                    RoundTrip = table.Column<float>(type: "REAL", nullable: true),
                    RoundTripMax = table.Column<float>(type: "REAL", nullable: true),
                    Loss = table.Column<float>(type: "REAL", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceHours", x => new { x.DeviceId, x.Hour });
                });

            migrationBuilder.CreateTable(
                name: "DeviceIssues",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Part = table.Column<string>(type: "TEXT", maxLength: 120, nullable: false),
                    Severity = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    RaisedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ClearedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Value = table.Column<double>(type: "REAL", nullable: true),
                    Historical = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceIssues", x => x.Id);
                    table.CheckConstraint("CK_DeviceIssues_Order", "\"ClearedAt\" IS NULL OR \"ClearedAt\" >= \"RaisedAt\"");
                    table.ForeignKey(
                        name: "FK_DeviceIssues_Devices_DeviceId",
                        column: x => x.DeviceId,
                        principalTable: "Devices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DeviceMinutes",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Processor = table.Column<float>(type: "REAL", nullable: true),
                    Memory = table.Column<float>(type: "REAL", nullable: true),
                    Temperature = table.Column<float>(type: "REAL", nullable: true),
                    DiskFree = table.Column<float>(type: "REAL", nullable: true),
                    ClockOffset = table.Column<float>(type: "REAL", nullable: true),
                    RoundTrip = table.Column<float>(type: "REAL", nullable: true),
                    Loss = table.Column<float>(type: "REAL", nullable: true),
                    Level = table.Column<float>(type: "REAL", nullable: true),
                    Pictures = table.Column<float>(type: "REAL", nullable: true),
                    Backlog = table.Column<float>(type: "REAL", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceMinutes", x => new { x.DeviceId, x.At });
                });

            migrationBuilder.CreateTable(
                name: "DeviceReports",
                columns: table => new
                {
                    DeviceId = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Connection = table.Column<Guid>(type: "TEXT", nullable: true),
                    Boot = table.Column<Guid>(type: "TEXT", nullable: true),
                    ConnectionSince = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Up = table.Column<bool>(type: "INTEGER", nullable: false),
                    DownReason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    ConnectedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    DownAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    HeardAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Ended = table.Column<string>(type: "TEXT", maxLength: 400, nullable: false),
                    Hardware = table.Column<string>(type: "TEXT", nullable: true),
                    Reported = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeviceReports", x => x.DeviceId);
                    table.ForeignKey(
                        name: "FK_DeviceReports_Devices_DeviceId",
                        column: x => x.DeviceId,
                        principalTable: "Devices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceDays_Day",
                table: "DeviceDays",
                column: "Day");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceHours_Hour",
                table: "DeviceHours",
                column: "Hour");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceIssues_DeviceId_Kind_Part",
                table: "DeviceIssues",
                columns: new[] { "DeviceId", "Kind", "Part" },
                unique: true,
                filter: "\"ClearedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_DeviceIssues_DeviceId_RaisedAt",
                table: "DeviceIssues",
                columns: new[] { "DeviceId", "RaisedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DeviceMinutes_At",
                table: "DeviceMinutes",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeviceCare");

            migrationBuilder.DropTable(
                name: "DeviceDays");

            migrationBuilder.DropTable(
                name: "DeviceHours");

            migrationBuilder.DropTable(
                name: "DeviceIssues");

            migrationBuilder.DropTable(
                name: "DeviceMinutes");

            migrationBuilder.DropTable(
                name: "DeviceReports");
        }
    }
}
